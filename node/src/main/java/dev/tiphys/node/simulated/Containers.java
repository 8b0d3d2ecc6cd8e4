package dev.tiphys.node.simulated;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What has become of a Pod's containers by now, told by what was reported last and by the time
/// since. A pure step: nothing is remembered elsewhere.
final class Containers {

  private static final Duration FIRST_BACKOFF = Duration.ofSeconds(10);
  private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(5);

  /// A container that has run this long is started again without back-off.
  private static final Duration STEADY = Duration.ofMinutes(10);

  private final Struct pod;
  private final Script script;
  private final Instant now;
  private final String restartPolicy;
  private @Nullable Instant nextChange;

  Containers(Struct pod, Script script, Instant now) {
    this.pod = pod;
    this.script = script;
    this.now = now;
    this.restartPolicy = pod.string("spec", "restartPolicy");
  }

  /// When something changes by itself; absent if nothing does.
  Optional<Duration> untilNextChange() {
    return nextChange == null ? Optional.empty() : Optional.of(Duration.between(now, nextChange));
  }

  /// The statuses of the containers.
  List<Struct> regular() {
    List<Struct> statuses = new ArrayList<>();
    for (Struct container : pod.structs("spec", "containers")) {
      statuses.add(next(container, reported("containerStatuses", container)));
    }
    return statuses;
  }

  /// The statuses of the init containers: done, or running beside the others.
  List<Struct> init() {
    List<Struct> statuses = new ArrayList<>();
    for (Struct container : pod.structs("spec", "initContainers")) {
      Struct reported = reported("initContainerStatuses", container);
      if (container.string("restartPolicy").equals("Always")) {
        Instant started = started(reported.struct("state"));
        statuses.add(running(container, 0, started == null ? now : started, Struct.EMPTY));
      } else if (!reported.isEmpty()) {
        statuses.add(reported);
      } else {
        statuses.add(
            status(container, 0)
                .add("ready", true)
                .add("started", false)
                .add("state", Struct.of("terminated", terminated(id(container, 0), now, 0)))
                .build());
      }
    }
    return statuses;
  }

  /// The statuses of containers that can't be started yet.
  List<Struct> waiting(Behaviour.Waits why) {
    Struct state = Struct.of("reason", why.reason(), "message", why.message());
    return pod.structs("spec", "containers").stream()
        .map(
            container ->
                new StructBuilder()
                    .add("name", container.string("name"))
                    .add("image", container.string("image"))
                    .add("imageID", "")
                    .add("restartCount", 0L)
                    .add("lastState", Struct.EMPTY)
                    .add("ready", false)
                    .add("started", false)
                    .add("state", Struct.of("waiting", state))
                    .build())
        .toList();
  }

  /// The statuses with every running container stopped, as on the Pod's deletion.
  List<Struct> stopped(List<Struct> statuses) {
    List<Struct> stopped = new ArrayList<>();
    for (Struct status : statuses) {
      Struct state = status.struct("state");
      if (state.has("terminated")) {
        stopped.add(status);
      } else {
        Instant started = started(state);
        Struct end =
            state.has("waiting")
                ? lastEnd(status)
                : terminated(status.string("containerID"), started == null ? now : started, 0);
        stopped.add(ended(status, end));
      }
    }
    return stopped;
  }

  /// How a container that waits has ended: it may never have been started.
  private static Struct lastEnd(Struct status) {
    Struct last = status.struct("lastState", "terminated");
    return last.isEmpty()
        ? new StructBuilder()
            .add("exitCode", 137L)
            .add("reason", "ContainerStatusUnknown")
            .add("message", "The container could not be located when the pod was terminated")
            .build()
        : last;
  }

  private Struct reported(String field, Struct container) {
    for (Struct status : pod.structs("status", field)) {
      if (status.string("name").equals(container.string("name"))) {
        return status;
      }
    }
    return Struct.EMPTY;
  }

  /// What a container is at now, after what was reported of it.
  private Struct next(Struct container, Struct reported) {
    Struct state = reported.struct("state");
    long restarts = reported.integer("restartCount");
    if (state.has("running")) {
      Instant started = started(state);
      return whileRunning(container, reported, started == null ? now : started);
    }
    if (state.has("waiting") && reported.struct("lastState").has("terminated")) {
      return afterExit(container, reported, reported.struct("lastState", "terminated"));
    }
    return state.has("terminated")
        ? afterExit(container, reported, state.struct("terminated"))
        : running(container, restarts, now, Struct.EMPTY);
  }

  private static @Nullable Instant started(Struct state) {
    return Timestamps.of(state.get("running", "startedAt"));
  }

  private Struct whileRunning(Struct container, Struct reported, Instant started) {
    Optional<Instant> exit = script.run().map(started::plus);
    if (exit.isPresent() && !exit.get().isAfter(now)) {
      Struct end = terminated(reported.string("containerID"), started, script.exitCode());
      return afterExit(container, ended(reported, end), end);
    }
    return running(
        container, reported.integer("restartCount"), started, reported.struct("lastState"));
  }

  /// Starts a container again that has exited, when that is due; leaves it be if it is done.
  private Struct afterExit(Struct container, Struct reported, Struct end) {
    boolean failed = end.integer("exitCode") != 0;
    boolean again = restartPolicy.equals("Always") || (restartPolicy.equals("OnFailure") && failed);
    if (!again) {
      return reported;
    }
    Instant finished = Timestamps.of(end.get("finishedAt"));
    long restarts = reported.integer("restartCount");
    Duration backoff = backoff(end, restarts);
    Instant due = finished == null ? now : finished.plus(backoff);
    Struct last = Struct.of("terminated", end);
    if (!due.isAfter(now)) {
      return running(container, restarts + 1, now, last);
    }
    changesAt(due);
    Struct waiting =
        Struct.of(
            "reason",
            "CrashLoopBackOff",
            "message",
            "back-off "
                + text(backoff)
                + " restarting failed container="
                + container.string("name")
                + " pod="
                + Meta.of(pod).name()
                + "_"
                + Meta.of(pod).namespace()
                + "("
                + Meta.of(pod).uid()
                + ")");
    return status(container, restarts)
        .add("ready", false)
        .add("started", false)
        .add("containerID", end.string("containerID"))
        .add("state", Struct.of("waiting", waiting))
        .add("lastState", last)
        .build();
  }

  private static Duration backoff(Struct end, long restarts) {
    Instant started = Timestamps.of(end.get("startedAt"));
    Instant finished = Timestamps.of(end.get("finishedAt"));
    boolean steady =
        started != null
            && finished != null
            && Duration.between(started, finished).compareTo(STEADY) >= 0;
    if (restarts == 0 || steady) {
      return Duration.ZERO;
    }
    Duration backoff = FIRST_BACKOFF.multipliedBy(1L << Math.min(restarts - 1, 6));
    return backoff.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : backoff;
  }

  /// A span as upstream writes it: `10s`, `1m20s`.
  private static String text(Duration span) {
    long minutes = span.toMinutes();
    return (minutes == 0 ? "" : minutes + "m") + span.toSecondsPart() + "s";
  }

  private Struct running(Struct container, long restarts, Instant started, Struct last) {
    Instant readyAt = started.plus(script.readyAfter());
    boolean ready = !readyAt.isAfter(now);
    boolean sidecar = container.string("restartPolicy").equals("Always");
    if (!ready) {
      changesAt(readyAt);
    }
    if (!sidecar) {
      script.run().ifPresent(run -> changesAt(started.plus(run)));
    }
    return status(container, restarts)
        .add("ready", ready)
        .add("started", true)
        .add("containerID", id(container, restarts))
        .add("state", Struct.of("running", Struct.of("startedAt", Timestamps.seconds(started))))
        .add("lastState", last)
        .build();
  }

  private static Struct ended(Struct status, Struct end) {
    return status
        .with("ready", false)
        .with("started", false)
        .with("state", Struct.of("terminated", end));
  }

  private Struct terminated(String id, Instant started, long exitCode) {
    return new StructBuilder()
        .add("containerID", id)
        .add("exitCode", exitCode)
        .add("reason", exitCode == 0 ? "Completed" : "Error")
        .add("startedAt", Timestamps.seconds(started))
        .add("finishedAt", Timestamps.seconds(now))
        .build();
  }

  private StructBuilder status(Struct container, long restarts) {
    String image = container.string("image");
    return new StructBuilder()
        .add("name", container.string("name"))
        .add("image", image)
        .add("imageID", image.replaceAll("(:[^/]*)?$", "") + "@sha256:" + digest(image))
        .add("restartCount", restarts)
        .add("lastState", Struct.EMPTY);
  }

  private String id(Struct container, long restarts) {
    return "simulated://"
        + digest(Meta.of(pod).uid() + "/" + container.string("name") + "/" + restarts);
  }

  private static String digest(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void changesAt(Instant time) {
    if (nextChange == null || time.isBefore(nextChange)) {
      nextChange = time;
    }
  }
}

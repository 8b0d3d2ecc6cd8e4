package dev.tiphys.preview;

import dev.tiphys.client.ApiResource;
import dev.tiphys.node.simulated.Behaviour;
import dev.tiphys.node.simulated.Behaviours;
import dev.tiphys.node.simulated.Prerequisites;
import dev.tiphys.node.simulated.Script;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Guesses what containers will do from what containers of the same images have done.
///
/// - A Pod that runs stays as it is.
/// - A new one gets ready after as long as others of its images took; without any, after what its
///   probes ask for.
/// - One whose image no node could pull waits for it again; one whose containers did nothing but
///   crash crashes again.
/// - One that is to end ends well, after as long as others of its images took.
/// - One that refers to what is not there waits for that.
///
/// Threads: any.
final class Experience implements Behaviours {

  private static final Duration AGAIN = Duration.ofMinutes(5);
  private static final Duration USUAL_START = Duration.ofSeconds(1);
  private static final Duration USUAL_RUN = Duration.ofSeconds(10);

  private static final Set<String> PULLING =
      Set.of("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull");

  private static final Set<String> NOT_STARTED =
      Set.of(
          "", "ContainerCreating", "PodInitializing", "CreateContainerConfigError", "ErrImagePull");

  private final Prerequisites prerequisites;
  private final Map<String, Boolean> settled = new HashMap<>();
  private final Map<String, List<Duration>> starts = new HashMap<>();
  private final Map<String, List<Duration>> runs = new HashMap<>();
  private final Map<String, Struct> unpulled = new HashMap<>();
  private final Set<String> images = new HashSet<>();
  private final Set<String> crashing = new HashSet<>();
  private final Set<String> working = new HashSet<>();
  private final Set<String> unknownImages = new TreeSet<>();

  Experience(ClusterCopy copy, Prerequisites prerequisites) {
    this.prerequisites = prerequisites;
    copy.of(ApiResource.PODS).forEach(this::learn);
    images.forEach(unpulled::remove);
    crashing.removeAll(working);
  }

  /// The images of new Pods that run nowhere in the cluster yet.
  synchronized List<String> unknownImages() {
    return List.copyOf(unknownImages);
  }

  private void learn(Struct pod) {
    boolean started = false;
    for (Struct status : pod.structs("status", "containerStatuses")) {
      String image = image(pod, status.string("name"));
      Struct waiting = status.struct("state", "waiting");
      if (PULLING.contains(waiting.string("reason"))) {
        unpulled.put(image, waiting);
      } else if (!status.string("containerID").isEmpty()) {
        images.add(image);
      }
      if (waiting.string("reason").equals("CrashLoopBackOff")) {
        crashing.add(program(pod));
      }
      started |= !NOT_STARTED.contains(waiting.string("reason")) || status.has("state", "running");
      started |= status.has("state", "terminated");
    }
    settled.put(Meta.of(pod).uid(), started);
    if (Meta.isTrue(pod, "Ready")) {
      working.add(program(pod));
      span(Timestamps.of(pod.get("status", "startTime")), readySince(pod))
          .filter(_ -> restarts(pod) == 0)
          .ifPresent(span -> starts.computeIfAbsent(repositories(pod), _ -> list()).add(span));
    }
    if (pod.string("status", "phase").equals("Succeeded")) {
      for (Struct status : pod.structs("status", "containerStatuses")) {
        Struct end = status.struct("state", "terminated");
        span(Timestamps.of(end.get("startedAt")), Timestamps.of(end.get("finishedAt")))
            .ifPresent(span -> runs.computeIfAbsent(repositories(pod), _ -> list()).add(span));
      }
    }
  }

  private static List<Duration> list() {
    return new ArrayList<>();
  }

  @Override
  public synchronized Behaviour of(Struct pod) {
    Boolean known = settled.get(Meta.of(pod).uid());
    if (known != null && known) {
      return new Behaviour.Stays();
    }
    for (Struct container : pod.structs("spec", "containers")) {
      String image = container.string("image");
      Struct waiting = unpulled.get(image);
      if (waiting != null) {
        return new Behaviour.Waits("ErrImagePull", waiting.string("message"), AGAIN);
      }
      if (!images.contains(image)) {
        unknownImages.add(image);
      }
    }
    Optional<Behaviour.Waits> missing = prerequisites.missing(pod);
    if (missing.isPresent()) {
      return missing.get();
    }
    if (crashing.contains(program(pod))) {
      return new Script(Optional.of(USUAL_START), 1, AGAIN);
    }
    boolean ends = !pod.string("spec", "restartPolicy").equals("Always");
    return ends
        ? new Script(Optional.of(median(runs.get(repositories(pod)), USUAL_RUN)), 0, USUAL_START)
        : new Script(Optional.empty(), 0, median(starts.get(repositories(pod)), asProbed(pod)));
  }

  /// After how long the probes of a Pod can find it ready at the earliest.
  private static Duration asProbed(Struct pod) {
    long seconds = USUAL_START.toSeconds();
    for (Struct container : pod.structs("spec", "containers")) {
      for (String probe : List.of("startupProbe", "readinessProbe")) {
        Struct said = container.struct(probe);
        long successes = Math.max(1, said.integer("successThreshold")) - 1;
        long needed =
            said.integer("initialDelaySeconds") + successes * said.integer("periodSeconds");
        seconds = Math.max(seconds, needed);
      }
    }
    return Duration.ofSeconds(seconds);
  }

  /// Times are known by the second, so what took none took less than one.
  private static Duration median(@Nullable List<Duration> spans, Duration otherwise) {
    if (spans == null) {
      return otherwise;
    }
    Duration middle = spans.stream().sorted().toList().get(spans.size() / 2);
    return middle.compareTo(USUAL_START) < 0 ? USUAL_START : middle;
  }

  private static Optional<Duration> span(@Nullable Instant from, @Nullable Instant to) {
    return from == null || to == null || to.isBefore(from)
        ? Optional.empty()
        : Optional.of(Duration.between(from, to));
  }

  private static @Nullable Instant readySince(Struct pod) {
    Struct ready = Meta.condition(pod, "Ready");
    return ready == null ? null : Timestamps.of(ready.get("lastTransitionTime"));
  }

  private static long restarts(Struct pod) {
    return pod.structs("status", "containerStatuses").stream()
        .mapToLong(status -> status.integer("restartCount"))
        .sum();
  }

  private static String image(Struct pod, String container) {
    return pod.structs("spec", "containers").stream()
        .filter(each -> each.string("name").equals(container))
        .map(each -> each.string("image"))
        .findFirst()
        .orElse("");
  }

  /// The images of a Pod without their tags: another version starts as fast.
  private static String repositories(Struct pod) {
    return pod.structs("spec", "containers").stream()
        .map(container -> container.string("image").replaceAll("(:[^/]*)?(@.*)?$", ""))
        .sorted()
        .toList()
        .toString();
  }

  /// What a Pod runs.
  private static String program(Struct pod) {
    return pod.structs("spec", "containers").stream()
        .map(
            container ->
                List.of(
                    container.string("image"), container.list("command"), container.list("args")))
        .toList()
        .toString();
  }
}

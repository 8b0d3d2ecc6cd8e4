package dev.tiphys.node.probes;

import dev.tiphys.client.Cause;
import dev.tiphys.node.host.Interrupts;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodEvents;
import dev.tiphys.object.Struct;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/// One probe of one running container: asks in turn until it is closed.
///
/// Threads: its own task asks; any may read what it found.
final class ContainerProbe implements AutoCloseable {
  private static final int USUAL_PERIOD = 10;
  private static final int USUAL_FAILURES = 3;

  private final World world;
  private final ProbeKind kind;
  private final Struct probe;
  private final Pod pod;
  private final Handler.Target target;
  private final Handler handler;
  private final PodEvents events;
  private final BooleanSupplier held;
  private final Runnable onChange;
  private final Gate released;
  private final SupervisedTask task;
  private volatile ProbeState state;
  private volatile boolean faulty;

  /// @param started when the container did
  /// @param held whether the probe has to wait for others
  /// @param onChange told when what is believed changes
  ContainerProbe(
      World world,
      ProbeKind kind,
      Pod pod,
      Handler.Target target,
      Instant started,
      Handler handler,
      PodEvents events,
      BooleanSupplier held,
      Runnable onChange) {
    this.world = world.background();
    this.kind = kind;
    this.probe = target.container().probe(kind.field());
    this.pod = pod;
    this.target = target;
    this.handler = handler;
    this.events = events;
    this.held = held;
    this.onChange = onChange;
    this.released = this.world.gate();
    this.state = ProbeState.initial(kind.healthyAtFirst(known(pod, target.id())));
    this.task =
        world
            .supervisor()
            .start(
                "probe-" + pod.name() + "-" + target.container().name() + "-" + kind.word(),
                () -> during(pod.meta().revision(), started));
  }

  private static Struct known(Pod pod, String id) {
    for (String field : List.of("containerStatuses", "initContainerStatuses")) {
      for (Struct status : pod.status().structs(field)) {
        if (status.string("containerID").endsWith("/" + id)) {
          return status;
        }
      }
    }
    return Struct.EMPTY;
  }

  /// Whether the container is believed to be what the probe asks for.
  boolean healthy() {
    return state.healthy();
  }

  /// Whether it has failed so often that the container must be killed.
  boolean faulty() {
    return faulty;
  }

  /// It need not wait for others any more.
  void release() {
    released.open();
  }

  private void during(long revision, Instant started) throws InterruptedException {
    Boolean _ =
        Cause.during(
            revision,
            () -> {
              run(started);
              return true;
            });
  }

  private void run(Instant started) throws InterruptedException {
    Duration delay = Duration.ofSeconds(probe.integer("initialDelaySeconds"));
    Duration passed = Duration.between(started, world.now());
    if (delay.compareTo(passed) > 0) {
      world.sleep(delay.minus(passed));
    }
    while (!faulty && !(kind == ProbeKind.STARTUP && state.healthy())) {
      if (held.getAsBoolean()) {
        released.await(period());
      } else {
        ask();
        world.sleep(period());
      }
    }
  }

  private Duration period() {
    long seconds = probe.integer("periodSeconds");
    return Duration.ofSeconds(seconds == 0 ? USUAL_PERIOD : seconds);
  }

  private void ask() throws InterruptedException {
    Answer answer = handler.probe(probe, target);
    Interrupts.check();
    handler.counts().count(pod, target.container().name(), kind, answer.verdict());
    String message =
        switch (answer.verdict()) {
          case SUCCESS -> "";
          case FAILURE -> kind.word() + " probe failed: " + answer.message();
          case UNKNOWN ->
              kind.word() + " probe errored and resulted in unknown state: " + answer.message();
        };
    if (!message.isEmpty()) {
      events.warning(pod, target.container(), "Unhealthy", message);
    }
    boolean before = state.healthy();
    state =
        state.after(
            answer.verdict(),
            threshold("successThreshold", 1),
            threshold("failureThreshold", USUAL_FAILURES));
    boolean failedOften =
        state.last() == Answer.Verdict.FAILURE
            && state.times() >= threshold("failureThreshold", USUAL_FAILURES);
    faulty = kind != ProbeKind.READINESS && failedOften;
    if (faulty || state.healthy() != before) {
      onChange.run();
    }
  }

  private int threshold(String field, int usual) {
    long said = probe.integer(field);
    return said == 0 ? usual : Math.toIntExact(said);
  }

  @Override
  public void close() {
    task.close();
    handler.counts().forget(pod, target.container().name(), kind);
  }
}

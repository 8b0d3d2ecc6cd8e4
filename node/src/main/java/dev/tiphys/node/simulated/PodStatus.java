package dev.tiphys.node.simulated;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The status of a Pod that a node reports.
///
/// @param status the whole status
/// @param untilNextChange after what time it is another one; absent if nothing is to come
record PodStatus(Struct status, Optional<Duration> untilNextChange) {

  /// What containers do that are not to run.
  private static final Script ENDING = new Script(Optional.empty(), 0, Duration.ZERO);

  /// The status of a Pod that is to run.
  static PodStatus running(
      Struct pod, Script script, SimulatedNode node, String address, Instant now) {
    Containers containers = new Containers(pod, script, now);
    List<Struct> init = containers.init();
    List<Struct> regular = containers.regular();
    String phase = phase(regular);
    if (phase.equals("Running")) {
      return new PodStatus(
          status(pod, phase, init, regular, node, address, now), containers.untilNextChange());
    }
    return new PodStatus(
        status(pod, phase, containers.stopped(init), regular, node, address, now),
        Optional.empty());
  }

  /// The status of a Pod whose containers can't be started yet.
  static PodStatus waiting(
      Struct pod, Behaviour.Waits why, SimulatedNode node, String address, Instant now) {
    Containers containers = new Containers(pod, ENDING, now);
    List<Struct> regular = containers.waiting(why);
    return new PodStatus(
        status(pod, "Pending", List.of(), regular, node, address, now), Optional.of(why.again()));
  }

  /// The status of a Pod that has to end.
  static PodStatus stopped(Struct pod, SimulatedNode node, String address, Instant now) {
    Containers containers = new Containers(pod, ENDING, now);
    List<Struct> init = containers.stopped(pod.structs("status", "initContainerStatuses"));
    List<Struct> regular = containers.stopped(pod.structs("status", "containerStatuses"));
    return new PodStatus(
        status(pod, phase(regular), init, regular, node, address, now), Optional.empty());
  }

  static boolean isOver(Struct pod) {
    String phase = pod.string("status", "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /// A Pod is over when all its containers have ended for good.
  private static String phase(List<Struct> regular) {
    boolean failed = false;
    for (Struct status : regular) {
      if (!status.struct("state").has("terminated")) {
        return "Running";
      }
      failed |= status.integer("state", "terminated", "exitCode") != 0;
    }
    return failed ? "Failed" : "Succeeded";
  }

  private static Struct status(
      Struct pod,
      String phase,
      List<Struct> init,
      List<Struct> regular,
      SimulatedNode node,
      String address,
      Instant now) {
    String started = pod.string("status", "startTime");
    StructBuilder status =
        StructBuilder.from(pod.struct("status"))
            .add("phase", phase)
            .add("conditions", SimulatedConditions.of(pod, phase, regular, now))
            .add("hostIP", node.address())
            .add("hostIPs", List.of(Struct.of("ip", node.address())))
            .add("podIP", address)
            .add("podIPs", List.of(Struct.of("ip", address)))
            .add("startTime", started.isEmpty() ? Timestamps.seconds(now) : started)
            .addUnlessEmpty("initContainerStatuses", List.copyOf(init))
            .add("containerStatuses", List.copyOf(regular));
    long generation = Meta.of(pod).generation();
    if (generation > 0) {
      status.add("observedGeneration", generation);
    }
    return status.build();
  }
}

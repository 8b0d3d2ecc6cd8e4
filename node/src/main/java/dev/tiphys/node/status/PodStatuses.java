package dev.tiphys.node.status;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.runtime.SandboxStatus;
import dev.tiphys.node.runtime.spec.Namespaces;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.util.List;

/// Computes a Pod's status. Pure: the same inputs give the same status.
public final class PodStatuses {
  private PodStatuses() {}

  /// The whole status, with what is not the agent's as the API has it.
  public static Struct of(StatusInputs inputs) {
    Pod pod = inputs.pod();
    ContainerStatuses containers = new ContainerStatuses(inputs);
    List<Struct> init = containers.init();
    List<Struct> regular = containers.regular();
    String phase = phase(inputs, init, regular);
    Struct old = pod.status();
    StructBuilder status = StructBuilder.from(old.without("resize"));
    status
        .add("phase", phase)
        .add(
            "conditions",
            new PodConditions(pod, phase, init, regular, inputs.now()).list(sandboxReady(inputs)))
        .addUnlessEmpty("initContainerStatuses", init)
        .addUnlessEmpty("containerStatuses", regular)
        .addUnlessEmpty("ephemeralContainerStatuses", containers.ephemeral())
        .add("hostIP", inputs.hostAddresses().getFirst())
        .add("hostIPs", addresses(inputs.hostAddresses()));
    if (!old.has("startTime")) {
      status.add("startTime", Timestamps.seconds(inputs.now()));
    }
    if (pod.meta().generation() > 0) {
      status.add("observedGeneration", pod.meta().generation());
    }
    List<String> own =
        pod.hostNetwork() && inputs.seen().sandbox() != null
            ? inputs.hostAddresses()
            : inputs.seen().addresses();
    if (!own.isEmpty()) {
      status.add("podIP", own.getFirst()).add("podIPs", addresses(own));
    }
    return status.build();
  }

  /// A Pod that was stopped has failed unless all of it went well, even if nothing of it was
  /// started.
  private static String phase(StatusInputs inputs, List<Struct> init, List<Struct> regular) {
    Pod pod = inputs.pod();
    if (pod.isTerminal()) {
      return pod.phase();
    }
    String phase = PodPhase.of(pod, init, regular, inputs.stopped());
    return inputs.stopped() && !phase.equals("Succeeded") ? "Failed" : phase;
  }

  /// The status of a Pod that this node does not run.
  ///
  /// @param reason one word that says why not
  public static Struct rejected(StatusInputs inputs, String reason, String message) {
    Struct status = inputs.pod().status();
    return new StructBuilder()
        .add("phase", "Failed")
        .add("reason", reason)
        .add("message", "Pod was rejected: " + message)
        .addUnlessEmpty("conditions", status.list("conditions"))
        .addUnlessEmpty("qosClass", status.get("qosClass"))
        .add("startTime", Timestamps.seconds(inputs.now()))
        .build();
  }

  private static boolean sandboxReady(StatusInputs inputs) {
    SandboxStatus sandbox = inputs.seen().sandbox();
    return sandbox != null
        && sandbox.sandbox().ready()
        && !inputs.stopped()
        && (sandbox.network() == Namespaces.Mode.NODE || !sandbox.addresses().isEmpty());
  }

  private static List<Struct> addresses(List<String> addresses) {
    return addresses.stream().map(address -> Struct.of("ip", address)).toList();
  }
}

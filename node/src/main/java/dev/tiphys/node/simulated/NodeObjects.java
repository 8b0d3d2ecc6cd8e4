package dev.tiphys.node.simulated;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// The objects by which the cluster knows a node: its Node and its Lease.
final class NodeObjects {

  private static final String LEASES = "kube-node-lease";
  private static final long LEASE_SECONDS = 40;
  private static final String VERSION = "v1.36.0";

  private final SimulatedSettings settings;

  NodeObjects(SimulatedSettings settings) {
    this.settings = settings;
  }

  /// A Node to register.
  Struct node(SimulatedNode node, Instant now) {
    StructBuilder labels =
        StructBuilder.from(settings.labels())
            .add("kubernetes.io/hostname", node.name())
            .add("kubernetes.io/os", "linux")
            .add("kubernetes.io/arch", "amd64")
            .add("beta.kubernetes.io/os", "linux")
            .add("beta.kubernetes.io/arch", "amd64");
    return new StructBuilder()
        .add("kind", "Node")
        .add("apiVersion", "v1")
        .add("metadata", Struct.of("name", node.name(), "labels", labels.build()))
        .add("status", status(node, Struct.EMPTY, now))
        .build();
  }

  /// The status a node reports.
  ///
  /// @param before the Node as it is
  Struct status(SimulatedNode node, Struct before, Instant now) {
    return StructBuilder.from(before.struct("status"))
        .add("capacity", settings.capacity())
        .add("allocatable", settings.capacity())
        .add(
            "conditions",
            List.of(
                condition(
                    "MemoryPressure",
                    "False",
                    "KubeletHasSufficientMemory",
                    "kubelet has sufficient memory available",
                    before,
                    now),
                condition(
                    "DiskPressure",
                    "False",
                    "KubeletHasNoDiskPressure",
                    "kubelet has no disk pressure",
                    before,
                    now),
                condition(
                    "PIDPressure",
                    "False",
                    "KubeletHasSufficientPID",
                    "kubelet has sufficient PID available",
                    before,
                    now),
                condition(
                    "Ready",
                    "True",
                    "KubeletReady",
                    "kubelet is posting ready status",
                    before,
                    now)))
        .add(
            "addresses",
            List.of(
                Struct.of("type", "InternalIP", "address", node.address()),
                Struct.of("type", "Hostname", "address", node.name())))
        .add("nodeInfo", info(node))
        .build();
  }

  private static Struct info(SimulatedNode node) {
    String id = UUID.nameUUIDFromBytes(node.name().getBytes(StandardCharsets.UTF_8)).toString();
    return new StructBuilder()
        .add("machineID", id.replace("-", ""))
        .add("systemUUID", id)
        .add("bootID", id)
        .add("kernelVersion", "6.12.0")
        .add("osImage", "Simulated Linux")
        .add("containerRuntimeVersion", "simulated://1.0.0")
        .add("kubeletVersion", VERSION)
        .add("kubeProxyVersion", "")
        .add("operatingSystem", "linux")
        .add("architecture", "amd64")
        .build();
  }

  private static Struct condition(
      String type, String status, String reason, String message, Struct node, Instant now) {
    Struct before = Meta.condition(node, type);
    boolean same = before != null && before.string("status").equals(status);
    Object since = same && before != null ? before.get("lastTransitionTime") : null;
    return new StructBuilder()
        .add("type", type)
        .add("status", status)
        .add("reason", reason)
        .add("message", message)
        .add("lastHeartbeatTime", Timestamps.seconds(now))
        .add("lastTransitionTime", since == null ? Timestamps.seconds(now) : since)
        .build();
  }

  /// The lease that tells that a node lives.
  ///
  /// @param owner its Node
  Struct lease(SimulatedNode node, Struct owner, Instant now) {
    Struct reference =
        new StructBuilder()
            .add("apiVersion", "v1")
            .add("kind", "Node")
            .add("name", node.name())
            .add("uid", Meta.of(owner).uid())
            .build();
    return new StructBuilder()
        .add("kind", "Lease")
        .add("apiVersion", "coordination.k8s.io/v1")
        .add(
            "metadata",
            Struct.of(
                "name", node.name(), "namespace", LEASES, "ownerReferences", List.of(reference)))
        .add("spec", leaseSpec(node, now))
        .build();
  }

  /// What a lease says when it is renewed.
  Struct leaseSpec(SimulatedNode node, Instant now) {
    return Struct.of(
        "holderIdentity",
        node.name(),
        "leaseDurationSeconds",
        LEASE_SECONDS,
        "renewTime",
        Timestamps.micros(now));
  }

  String leaseNamespace() {
    return LEASES;
  }
}

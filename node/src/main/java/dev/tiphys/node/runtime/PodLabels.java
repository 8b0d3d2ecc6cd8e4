package dev.tiphys.node.runtime;

import dev.tiphys.node.runtime.spec.SandboxName;
import java.util.Map;

/// The labels that tie sandboxes and containers to Pods, as upstream's node agent sets them and as
/// the tools that look at a node expect them.
public final class PodLabels {

  public static final String POD_NAME = "io.kubernetes.pod.name";
  public static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
  public static final String POD_UID = "io.kubernetes.pod.uid";
  public static final String CONTAINER_NAME = "io.kubernetes.container.name";

  /// The node whose agent made it. Several may share a runtime, and other programs may use it too.
  public static final String NODE = "tiphys.dev/node";

  private PodLabels() {}

  /// The labels that each sandbox of a Pod has.
  public static Map<String, String> ofSandbox(SandboxName sandbox) {
    return Map.of(
        POD_NAME, sandbox.name(), POD_NAMESPACE, sandbox.namespace(), POD_UID, sandbox.uid());
  }

  /// The labels that each container of a Pod has.
  public static Map<String, String> ofContainer(SandboxName sandbox, String container) {
    return Map.of(
        POD_NAME,
        sandbox.name(),
        POD_NAMESPACE,
        sandbox.namespace(),
        POD_UID,
        sandbox.uid(),
        CONTAINER_NAME,
        container);
  }
}

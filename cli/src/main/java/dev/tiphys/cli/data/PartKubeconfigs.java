package dev.tiphys.cli.data;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.controllers.ControllerManager;
import dev.tiphys.pki.Subject;
import java.io.IOException;
import java.util.List;
import java.util.function.BiFunction;

/// How the parts of a cluster that run in processes of their own reach the API server, each with no
/// more rights than it has in other clusters.
public final class PartKubeconfigs {

  private PartKubeconfigs() {}

  /// Writes them into the data directory: `scheduler.kubeconfig`, `kubelet.kubeconfig` for a node
  /// of this machine, `proxy.kubeconfig`, `dns.kubeconfig`, `network-policy.kubeconfig`,
  /// `node-mesh.kubeconfig`, `pod-network.kubeconfig`, and `controller-manager.kubeconfig`, which
  /// has a context for each controller.
  ///
  /// @param clients makes a client's credentials, kept under a name
  /// @param node what the node is called
  public static void write(
      BiFunction<String, Subject, Kubeconfig.Access> clients, DataDirectory data, String node) {
    try {
      Kubeconfig.of(
              "kube-scheduler", clients.apply("scheduler", Subject.client("system:kube-scheduler")))
          .write(data.kubeconfig("scheduler"));
      Kubeconfig.of(
              "kubelet",
              clients.apply(
                  "kubelet-client", Subject.client("system:node:" + node, "system:nodes")))
          .write(data.kubeconfig("kubelet"));
      for (String part : List.of("dns", "network-policy", "node-mesh", "pod-network")) {
        Kubeconfig.of(part, clients.apply(part, Subject.client("system:tiphys:" + part)))
            .write(data.kubeconfig(part));
      }
      Kubeconfig.of("kube-proxy", clients.apply("proxy", Subject.client("system:kube-proxy")))
          .write(data.kubeconfig("proxy"));
      Kubeconfig.of(
              ControllerManager.PROGRAM,
              clients.apply(
                  "controller-manager", Subject.client("system:" + ControllerManager.PROGRAM)))
          .write(data.kubeconfig("controller-manager"));
    } catch (IOException e) {
      throw new CliException("cannot write into " + data.path() + ": " + e.getMessage(), e);
    }
  }
}

package dev.tiphys.network.policy;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.network.Host;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.PodHost;
import dev.tiphys.network.Protocol;
import dev.tiphys.object.Struct;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A node for tests with Pods in it that the API knows, and the policies of this node at work.
final class PolicyCluster implements AutoCloseable {
  private final PodHost node = new PodHost("node-1", 1);
  private final LiveApi api = new LiveApi();
  private NetworkPolicies policies;

  PolicyCluster() throws Exception {
    policies = new NetworkPolicies(api.world(), api.api(), node.settings());
    policies.start();
    namespace("a", "{team: red}");
    namespace("b", "{team: blue}");
  }

  PodHost node() {
    return node;
  }

  LiveApi api() {
    return api;
  }

  NetworkPolicies policies() {
    return policies;
  }

  /// What happens when the process is killed and started again.
  void restart() throws Exception {
    policies.close();
    policies = new NetworkPolicies(api.world(), api.api(), node.settings());
    policies.start();
  }

  void namespace(String name, String labels) {
    api.apply(ApiResource.NAMESPACES, "metadata: {name: %s, labels: %s}".formatted(name, labels));
  }

  /// What the API knows of a Pod.
  ///
  /// @param number gives it its addresses
  /// @param more further fields of `status`, as `, phase: Failed`
  Struct pod(String namespace, int number, String labels, String ports, String more) {
    return api.apply(
        ApiResource.PODS,
        """
        metadata: {name: pod-%2$d, namespace: %1$s, labels: %3$s}
        spec:
          nodeName: node-1
          containers: [{name: main, image: none, ports: %4$s}]
        status: {podIPs: [{ip: '%5$s'}, {ip: '%6$s'}]%7$s}
        """
            .formatted(
                namespace,
                number,
                labels,
                ports,
                node.podAddress(number),
                node.podAddress6(number),
                more));
  }

  Struct pod(String namespace, int number, String labels) {
    return pod(namespace, number, labels, "[]", ", phase: Running");
  }

  List<String> addresses(int pod) {
    return List.of(node.podAddress(pod), node.podAddress6(pod));
  }

  Struct policy(String namespace, String name, String spec) {
    return api.apply(
        ApiResource.NETWORK_POLICIES,
        "metadata: {name: %s, namespace: %s}\nspec: %s".formatted(name, namespace, spec));
  }

  void delete(ApiResource resource, String namespace, String name) {
    api.api().delete(resource, namespace, name, DeleteOptions.DEFAULT);
  }

  /// Deletes a policy, if it is there.
  void delete(String namespace, String policy) {
    if (api.api().find(ApiResource.NETWORK_POLICIES, namespace, policy) != null) {
      delete(ApiResource.NETWORK_POLICIES, namespace, policy);
    }
  }

  /// Whether a server of a Pod answers.
  boolean reaches(Host from, int pod, int port) throws Exception {
    return from.ask(Protocol.TCP, node.podAddress(pod), port).startsWith("pod-" + pod);
  }

  String rules() {
    return node.host().run("nft", "list", "ruleset");
  }

  /// What the node knows of connections, a line each.
  String flows() throws Exception {
    return node.host().in(() -> Files.readString(Path.of("/proc/thread-self/net/nf_conntrack")));
  }

  @Override
  public void close() throws Exception {
    policies.close();
    api.close();
    node.close();
  }
}

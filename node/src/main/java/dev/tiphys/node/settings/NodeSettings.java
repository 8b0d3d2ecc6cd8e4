package dev.tiphys.node.settings;

import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What a node agent has to know of its node before it starts.
///
/// @param name the Node's name
/// @param addresses the machine's IP addresses, the main one first
/// @param port where the agent serves logs and sessions
/// @param data the directory for its files
/// @param clusterDns the name servers of the cluster; none if there are none
/// @param clusterDomain what the names of Services end in
/// @param labels further labels for the Node
/// @param taints what the Node is registered with, as in its spec
/// @param reserved what Pods do not get of the machine, by resource
/// @param maxPods how many Pods there may be
/// @param podRanges where the addresses of Pods come from; none if the Node says it once it is
///   registered
/// @param cgroup the cgroup that holds those of all Pods
/// @param gates which features are on
public record NodeSettings(
    String name,
    List<String> addresses,
    int port,
    Path data,
    List<String> clusterDns,
    String clusterDomain,
    Map<String, String> labels,
    List<Struct> taints,
    Map<String, Quantity> reserved,
    int maxPods,
    List<String> podRanges,
    String cgroup,
    FeatureGates gates) {
  /// The version of the Kubernetes API that a node says it speaks.
  public static final String VERSION = "v1.36.0";

  public static final int DEFAULT_PORT = 10250;
  public static final int DEFAULT_MAX_PODS = 110;
  public static final String DEFAULT_CGROUP = "/kubepods";

  public NodeSettings {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("a node must have an address");
    }
    addresses = List.copyOf(addresses);
    data = data.toAbsolutePath();
    clusterDns = List.copyOf(clusterDns);
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
    reserved = Map.copyOf(reserved);
    podRanges = List.copyOf(podRanges);
  }

  /// A node with upstream's defaults, without name servers, that keeps all of the machine for Pods.
  public static NodeSettings of(String name, List<String> addresses, Path data) {
    return new NodeSettings(
        name,
        addresses,
        DEFAULT_PORT,
        data,
        List.of(),
        "cluster.local",
        Map.of(),
        List.of(),
        Map.of(),
        DEFAULT_MAX_PODS,
        List.of(),
        DEFAULT_CGROUP,
        FeatureGates.DEFAULT);
  }

  public NodeSettings withPort(int number) {
    return new NodeSettings(
        name,
        addresses,
        number,
        data,
        clusterDns,
        clusterDomain,
        labels,
        taints,
        reserved,
        maxPods,
        podRanges,
        cgroup,
        gates);
  }

  public NodeSettings withClusterDns(List<String> servers, String domain) {
    return new NodeSettings(
        name, addresses, port, data, servers, domain, labels, taints, reserved, maxPods, podRanges,
        cgroup, gates);
  }

  public NodeSettings withPodRanges(List<String> ranges) {
    return new NodeSettings(
        name,
        addresses,
        port,
        data,
        clusterDns,
        clusterDomain,
        labels,
        taints,
        reserved,
        maxPods,
        ranges,
        cgroup,
        gates);
  }

  public NodeSettings withCgroup(String path) {
    return new NodeSettings(
        name,
        addresses,
        port,
        data,
        clusterDns,
        clusterDomain,
        labels,
        taints,
        reserved,
        maxPods,
        podRanges,
        path,
        gates);
  }

  public NodeSettings withData(Path directory) {
    return new NodeSettings(
        name,
        addresses,
        port,
        directory,
        clusterDns,
        clusterDomain,
        labels,
        taints,
        reserved,
        maxPods,
        podRanges,
        cgroup,
        gates);
  }

  public NodeSettings withFeatures(FeatureGates on) {
    return new NodeSettings(
        name,
        addresses,
        port,
        data,
        clusterDns,
        clusterDomain,
        labels,
        taints,
        reserved,
        maxPods,
        podRanges,
        cgroup,
        on);
  }

  public PodDirectories directories() {
    return new PodDirectories(data);
  }
}

package dev.tiphys.node.spec;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.object.Struct;
import java.util.List;

/// The `/etc/hosts` that a Pod's containers share.
final class HostsFile {
  private static final String OWN =
      """
      # Kubernetes-managed hosts file.
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::0\tip6-localnet
      fe00::0\tip6-mcastprefix
      fe00::1\tip6-allnodes
      fe00::2\tip6-allrouters
      """;
  private static final String OF_NODE = "# Kubernetes-managed hosts file (host network).\n";

  private HostsFile() {}

  /// @param addresses the Pod's
  /// @param nodes the node's own file, for Pods on the node's network
  static String of(Pod pod, List<String> addresses, String clusterDomain, String nodes) {
    StringBuilder text = new StringBuilder();
    if (pod.hostNetwork()) {
      text.append(OF_NODE).append(nodes);
    } else {
      text.append(OWN);
      String subdomain = pod.spec().string("subdomain");
      for (String address : addresses) {
        text.append(address).append('\t');
        if (!subdomain.isEmpty()) {
          text.append(
              "%s.%s.%s.svc.%s\t"
                  .formatted(pod.hostname(), subdomain, pod.namespace(), clusterDomain));
        }
        text.append(pod.hostname()).append('\n');
      }
    }
    List<Struct> aliases = pod.spec().structs("hostAliases");
    if (!aliases.isEmpty()) {
      text.append("\n# Entries added by HostAliases.\n");
      for (Struct alias : aliases) {
        text.append(alias.string("ip"))
            .append('\t')
            .append(String.join("\t", alias.strings("hostnames")))
            .append('\n');
      }
    }
    return text.toString();
  }
}

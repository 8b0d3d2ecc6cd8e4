package dev.tiphys.node.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostsFileTest {
  @Test
  void aPodFindsItselfAndItsAliases() {
    Pod pod =
        new Pod(
            Yaml.struct(
                """
                metadata: {name: web-0, namespace: shop}
                spec:
                  subdomain: web
                  hostAliases: [{ip: 192.0.2.7, hostnames: [one, two]}]
                """));

    assertThat(HostsFile.of(pod, List.of("10.1.0.5"), "cluster.local", ""))
        .startsWith("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n")
        .endsWith(
            """
            fe00::2\tip6-allrouters
            10.1.0.5\tweb-0.web.shop.svc.cluster.local\tweb-0

            # Entries added by HostAliases.
            192.0.2.7\tone\ttwo
            """);
  }

  @Test
  void onTheNodesNetworkTheNodesFileHolds() {
    Pod pod = new Pod(Yaml.struct("spec: {hostNetwork: true}"));

    assertThat(HostsFile.of(pod, List.of("192.0.2.1"), "cluster.local", "127.0.0.1 localhost\n"))
        .isEqualTo("# Kubernetes-managed hosts file (host network).\n127.0.0.1 localhost\n");
  }
}

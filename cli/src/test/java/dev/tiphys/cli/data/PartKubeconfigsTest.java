package dev.tiphys.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.http.Kubeconfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartKubeconfigsTest {

  @TempDir Path parent;

  @Test
  void eachPartHasTheIdentityThatItHasInOtherClusters() throws Exception {
    DataDirectory data = DataDirectory.make(parent.resolve("data"));

    PartKubeconfigs.write(
        (_, subject) -> {
          String user = subject.name() + " " + subject.organizations();
          return new Kubeconfig.Access("https://localhost:1", "", "", "", user);
        },
        data,
        "here");

    assertThat(current(data, "scheduler")).isEqualTo("system:kube-scheduler []");
    assertThat(current(data, "kubelet")).isEqualTo("system:node:here [system:nodes]");
    assertThat(current(data, "proxy")).isEqualTo("system:kube-proxy []");
    assertThat(current(data, "dns")).isEqualTo("system:tiphys:dns []");
    assertThat(current(data, "network-policy")).isEqualTo("system:tiphys:network-policy []");
    assertThat(current(data, "node-mesh")).isEqualTo("system:tiphys:node-mesh []");
    assertThat(current(data, "pod-network")).isEqualTo("system:tiphys:pod-network []");
    assertThat(current(data, "controller-manager")).isEqualTo("system:kube-controller-manager []");
  }

  private static String current(DataDirectory data, String part) throws Exception {
    Path file = data.kubeconfig(part);
    return Kubeconfig.read(file).current(file).token();
  }
}

package dev.tiphys.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.network.LiveApi;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The objects by which the DNS is found.
class DnsObjectsTest {

  private final LiveApi api = new LiveApi();
  private final DnsObjects objects = objects("node-1", "192.0.2.1");

  private DnsObjects objects(String node, String address) {
    DnsSettings settings =
        new DnsSettings(
            node,
            List.of(InetAddress.ofLiteral(address)),
            0,
            0,
            List.of(InetAddress.ofLiteral("10.96.0.10")),
            "cluster.local",
            Path.of("/etc/resolv.conf"),
            1);
    return new DnsObjects(api.world(), api.api(), settings, 1053, 9154, _ -> {});
  }

  @AfterEach
  void stop() {
    objects.close();
    api.close();
  }

  private @Nullable Struct slice(String node) {
    return api.api().find(ApiResource.ENDPOINT_SLICES, "kube-system", "kube-dns-" + node);
  }

  private Struct service() {
    return api.api().get(ApiResource.SERVICES, "kube-system", "kube-dns");
  }

  private static List<String> ports(List<Struct> ports) {
    return ports.stream()
        .map(
            port ->
                "%s %d/%s"
                    .formatted(port.string("name"), port.integer("port"), port.string("protocol")))
        .toList();
  }

  @Test
  void theServiceIsWherePodsLookForIt() throws Exception {
    objects.start();
    api.eventually(() -> slice("node-1") != null);

    Struct service = service();
    assertThat(service.string("spec", "clusterIP")).isEqualTo("10.96.0.10");
    assertThat(service.has("spec", "selector")).isFalse();
    assertThat(service.string("spec", "trafficDistribution")).isEqualTo("PreferSameNode");
    assertThat(ports(service.structs("spec", "ports")))
        .containsExactly("dns 53/UDP", "dns-tcp 53/TCP", "metrics 9153/TCP");
    assertThat(Meta.of(service).labels())
        .isEqualTo(
            Struct.of(
                "k8s-app",
                "kube-dns",
                "kubernetes.io/cluster-service",
                "true",
                "kubernetes.io/name",
                "CoreDNS"));
    assertThat(
            api.api()
                .get(ApiResource.CONFIG_MAPS, "kube-system", "coredns")
                .string("data", "Corefile"))
        .contains("kubernetes cluster.local in-addr.arpa ip6.arpa");
  }

  @Test
  void aSliceLeadsToThisNodeAndIsMadeAgainIfItIsDeleted() throws Exception {
    objects.start();
    api.eventually(() -> slice("node-1") != null);

    Struct slice = slice("node-1");
    Struct endpoint = slice.structs("endpoints").getFirst();
    assertThat(endpoint.strings("addresses")).containsExactly("192.0.2.1");
    assertThat(endpoint.string("nodeName")).isEqualTo("node-1");
    assertThat(endpoint.struct("hints").structs("forNodes"))
        .containsExactly(Struct.of("name", "node-1"));
    assertThat(ports(slice.structs("ports")))
        .containsExactly("dns 1053/UDP", "dns-tcp 1053/TCP", "metrics 9154/TCP");

    api.api()
        .delete(
            ApiResource.ENDPOINT_SLICES, "kube-system", "kube-dns-node-1", DeleteOptions.DEFAULT);
    api.eventually(() -> slice("node-1") != null);
  }

  @Test
  void aSliceIsOwnedByItsNodeAsSoonAsThatIsThere() throws Exception {
    objects.start();
    api.eventually(() -> slice("node-1") != null);

    api.apply(ApiResource.NODES, "metadata: {name: node-1}");

    api.eventually(
        () ->
            Meta.of(slice("node-1")).owners().stream()
                .anyMatch(owner -> owner.string("kind").equals("Node")));
  }

  @Test
  void eachNodeHasItsSliceForAsLongAsItsServerRuns() throws Exception {
    objects.start();
    DnsObjects other = objects("node-2", "192.0.2.2");
    other.start();
    api.eventually(() -> slice("node-1") != null && slice("node-2") != null);

    other.close();

    assertThat(slice("node-2")).isNull();
    assertThat(slice("node-1")).isNotNull();
  }

  @Test
  void aServiceOfAnotherProgramIsLeftAlone() throws Exception {
    objects.start();
    api.eventually(() -> slice("node-1") != null);

    api.apply(
        ApiResource.SERVICES,
        """
        metadata: {name: kube-dns, namespace: kube-system}
        spec: {clusterIP: 10.96.0.10, selector: {a: b}, ports: [{port: 53, protocol: UDP}]}
        """);

    api.eventually(() -> slice("node-1") == null);
    assertThat(service().string("spec", "selector", "a")).isEqualTo("b");
  }
}

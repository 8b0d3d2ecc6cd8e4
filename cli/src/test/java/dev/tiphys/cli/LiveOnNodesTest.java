package dev.tiphys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import dev.tiphys.world.World;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LiveOnNodesTest {
  private final World world = new VirtualWorld(1);
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world),
          world,
          ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  private final Api api = server.api("tester");
  private final Instant began = world.now().minusSeconds(1);
  private final Map<String, Struct> pages = new HashMap<>();

  @BeforeEach
  void start() {
    for (String namespace : new String[] {"default", "kube-system", "tiphys-network"}) {
      create(ApiResource.NAMESPACES, "metadata: {name: %s}".formatted(namespace));
    }
    service("{ports: [{port: 80}]}");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void create(ApiResource resource, String yaml) {
    api.create(
        resource,
        Yaml.struct(yaml).with("apiVersion", resource.apiVersion()).with("kind", resource.kind()));
  }

  private void service(String spec) {
    create(
        ApiResource.SERVICES,
        "metadata: {name: web, namespace: default}\nspec: %s".formatted(spec));
  }

  private void node(String name) {
    create(ApiResource.NODES, "metadata: {name: %s}".formatted(name));
  }

  private void proxy(String node, int port) {
    create(
        ApiResource.LEASES,
        """
        metadata:
          name: tiphys-proxy-%1$s
          namespace: tiphys-network
          labels: {tiphys.dev/proxy: %1$s}
          annotations: {tiphys.dev/health-port: "%2$d"}
        spec: {holderIdentity: %1$s}
        """
            .formatted(node, port));
  }

  private String micros(int millis) {
    return Timestamps.micros(began.plusMillis(millis));
  }

  private void page(String node, int port, Struct answer) {
    pages.put(
        "/api/v1/nodes/http:%s:%d/proxy/live?services=7&slices=9".formatted(node, port), answer);
  }

  private List<String> lines(String name) {
    Struct write =
        Yaml.struct(
            "{revision: 7, resource: services, began: '%s'}".formatted(Timestamps.micros(began)));
    Struct slices =
        Yaml.struct("{revision: 9, cause: 7, resource: endpointslices.discovery.k8s.io}");
    return new LiveOnNodes(world, this::page).lines(api, "default", name, List.of(write, slices));
  }

  private Struct page(String path) {
    Struct page = pages.get(path);
    if (page == null) {
      throw new CliException("nothing listens there");
    }
    return page.has("now") ? page : page.with("now", Timestamps.micros(world.now()));
  }

  private Struct live(int millis, boolean earlier) {
    return Struct.of("at", micros(millis), "earlier", earlier);
  }

  @Test
  void eachNodeHasALineInTheOrderOfTime() {
    for (String name : List.of("a", "b", "c", "d", "e")) {
      node(name);
    }
    proxy("a", 10256);
    proxy("b", 10256);
    proxy("c", 4000);
    proxy("d", 10256);
    proxy("gone", 10256);
    page("a", 10256, live(31, false));
    page("b", 10256, live(12, true));
    page("c", 4000, Struct.EMPTY);

    assertThat(lines("web"))
        .containsExactly(
            "     12.0 ms  live on node b, or earlier",
            "     31.0 ms  live on node a",
            "          ---  not known on node d: nothing listens there",
            "          ---  not live on node c yet",
            "          ---  no proxy tells of e");
  }

  @Test
  void aClockThatIsSurelyWrongIsCorrected() {
    node("a");
    proxy("a", 10256);
    Instant hourAhead = world.now().plusSeconds(3600);
    page(
        "a",
        10256,
        Struct.of(
            "now",
            Timestamps.micros(hourAhead),
            "at",
            Timestamps.micros(hourAhead.minusMillis(100)),
            "earlier",
            false));

    // 100 ms before it was asked, which was 1 s after the change.
    assertThat(lines("web")).containsExactly("    900.0 ms  live on node a");
  }

  @Test
  void ofAServiceThatNoProxyServesTheDnsTells() {
    node("a");
    proxy("a", 10256);
    page("a", 10256, live(8, false));
    page("a", 9153, live(9, false));
    for (String family : new String[] {"IPv4: 192.0.2.1", "IPv6: 'fd00::1'"}) {
      String[] parts = family.split(": ");
      create(
          ApiResource.ENDPOINT_SLICES,
          """
          metadata:
            name: kube-dns-a-%1$s
            namespace: kube-system
            labels:
              kubernetes.io/service-name: kube-dns
              endpointslice.kubernetes.io/managed-by: dns.tiphys.dev
          addressType: %2$s
          endpoints: [{addresses: [%3$s], nodeName: a}]
          ports: [{name: dns, port: 1053, protocol: UDP}, {name: metrics, port: 9153}]
          """
              .formatted(parts[0].toLowerCase(Locale.ROOT), parts[0], parts[1]));
    }
    create(
        ApiResource.SERVICES,
        "metadata: {name: db, namespace: default}\nspec: {clusterIP: None, ports: [{port: 80}]}");

    assertThat(lines("db")).containsExactly("      9.0 ms  live in the DNS of node a");
    assertThat(lines("web"))
        .containsExactly("      8.0 ms  live on node a", "      9.0 ms  live in the DNS of node a");
  }
}

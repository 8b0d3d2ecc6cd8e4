package dev.tiphys.apiserver.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.Store;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The addresses and ports that Services get, from ranges of every kind.
class ServiceAddressesTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final Store store = EmbeddedStore.inMemory(world);
  private ApiServer server;
  private Api api;
  private DefaultObjects defaults;

  private void start(String ranges) {
    ServiceRanges services = ServiceRanges.of(ranges);
    server =
        new ApiServer(
            store,
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount").withServices(services));
    api = server.api("tester");
    defaults = server.defaults(new ApiServerAddress("10.0.0.1", 6443, services.apiAddress()));
    defaults.ensure();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Struct service(String name, String spec) {
    return api.create(
            ApiResource.SERVICES,
            Yaml.struct(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: %s, namespace: default}
                spec: {ports: [{port: 80}]%s}
                """
                    .formatted(name, spec)))
        .struct("spec");
  }

  private Struct change(String name, UnaryOperator<Struct> change) {
    Struct service = api.get(ApiResource.SERVICES, "default", name);
    return api.update(ApiResource.SERVICES, change.apply(service)).struct("spec");
  }

  private List<String> taken() {
    return api.list(ApiResource.IP_ADDRESSES, "", ListOptions.ALL).items().stream()
        .map(address -> address.string("metadata", "name"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          # ranges; what the Service says; its families; the prefixes of its addresses
          10.7.0.0/16; ''; IPv4; 10.7.
          10.7.0.0/16; ', ipFamilyPolicy: PreferDualStack'; IPv4; 10.7.
          fd00:7::/112; ''; IPv6; fd00:7::
          10.7.0.0/16,fd00:7::/112; ''; IPv4; 10.7.
          10.7.0.0/16,fd00:7::/112; ', ipFamilies: [IPv6]'; IPv6; fd00:7::
          10.7.0.0/16,fd00:7::/112; ', ipFamilyPolicy: PreferDualStack'; IPv4 IPv6; 10.7. fd00:7::
          10.7.0.0/16,fd00:7::/112; ', ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv6]';\
           IPv6 IPv4; fd00:7:: 10.7.
          fd00:7::/112,10.7.0.0/16; ', ipFamilyPolicy: PreferDualStack'; IPv6 IPv4; fd00:7:: 10.7.
          """)
  void aServiceHasAddressesOfItsFamilies(
      String ranges, String says, String families, String prefixes) {
    start(ranges);

    Struct spec = service("web", says);

    assertThat(String.join(" ", spec.strings("ipFamilies"))).isEqualTo(families);
    List<String> addresses = spec.strings("clusterIPs");
    assertThat(spec.string("clusterIP")).isEqualTo(addresses.getFirst());
    String[] expected = prefixes.split(" ");
    assertThat(addresses).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(addresses.get(i)).startsWith(expected[i]);
    }
    assertThat(taken()).containsAll(addresses);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          10.7.0.0/16; ', ipFamilyPolicy: RequireDualStack';\
           this cluster is not configured for dual-stack services
          10.7.0.0/16; ', ipFamilies: [IPv6]'; not configured on this cluster
          fd00:7::/112; ', ipFamilies: [IPv4]'; not configured on this cluster
          fd00:7::/112; ', clusterIP: 10.7.0.9'; IPv4 is not configured on this cluster
          10.7.0.0/16; ', clusterIP: 10.8.0.9';\
           the provided IP (10.8.0.9) is not in the valid range. The range of valid IPs is 10.7.0.0/16
          """)
  void whatTheClusterDoesNotHaveIsRefused(String ranges, String says, String message) {
    start(ranges);

    assertThatThrownBy(() -> service("web", says))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aSecondFamilyComesAndGoesWithTheWishForIt() {
    start("10.7.0.0/16,fd00:7::/112");
    String first = service("web", "").string("clusterIP");

    List<String> both =
        change("web", service -> service.withAt("PreferDualStack", "spec", "ipFamilyPolicy"))
            .strings("clusterIPs");
    assertThat(both).hasSize(2).startsWith(first);
    assertThat(taken()).containsAll(both);

    Struct single =
        change("web", service -> service.withAt("SingleStack", "spec", "ipFamilyPolicy"));

    assertThat(single.strings("clusterIPs")).containsExactly(first);
    assertThat(taken()).contains(first).doesNotContain(both.getLast());
    api.delete(ApiResource.SERVICES, "default", "web", DeleteOptions.DEFAULT);
    assertThat(taken()).doesNotContain(first);
  }

  @Test
  void theFirstAddressesOfARangeAreGivenOutLast() {
    start("10.7.0.0/26");
    for (int i = 0; i < 46; i++) {
      service("web-" + i, "");
    }
    assertThat(taken())
        .filteredOn(address -> !address.equals("10.7.0.1"))
        .allMatch(address -> Integer.parseInt(address.substring("10.7.0.".length())) >= 16);

    for (int i = 46; i < 61; i++) {
      service("web-" + i, "");
    }

    assertThat(taken()).hasSize(62).doesNotContain("10.7.0.0", "10.7.0.63");
    assertThatThrownBy(() -> service("one-more", ""))
        .hasMessageContaining("failed to allocate a serviceIP: range is full");
  }

  @Test
  void theFirstNodePortsAreGivenOutLast() {
    start("10.7.0.0/16");
    for (int i = 0; i < 200; i++) {
      Struct port = service("web-" + i, ", type: NodePort").structs("ports").getFirst();
      assertThat(port.integer("nodePort")).isBetween(30_086L, 32_767L);
    }
  }

  @Test
  void anotherRangeWidensWhatThereIs() {
    start("10.7.0.0/30");
    service("web", "");
    assertThatThrownBy(() -> service("other", "")).hasMessageContaining("range is full");
    Struct range =
        api.create(
            ApiResource.SERVICE_CIDRS,
            Yaml.struct(
                """
                apiVersion: networking.k8s.io/v1
                kind: ServiceCIDR
                metadata: {name: more}
                spec: {cidrs: [10.9.0.0/24]}
                """));
    assertThatThrownBy(() -> service("other", "")).hasMessageContaining("range is full");
    Struct status =
        Yaml.struct("conditions: [{type: Ready, status: 'True', reason: '', message: ''}]");
    api.update(
        ApiResource.SERVICE_CIDRS,
        range.with(
            "status",
            Struct.of(
                "conditions",
                List.of(
                    status
                        .structs("conditions")
                        .getFirst()
                        .with("lastTransitionTime", "2026-01-01T00:00:00Z")))),
        "status");

    assertThat(service("other", "").string("clusterIP")).startsWith("10.9.0.");
  }

  @Test
  void theRangesStandInAnObject() {
    start("10.7.0.0/16,fd00:7::/112");

    Struct range = api.get(ApiResource.SERVICE_CIDRS, "", "kubernetes");

    assertThat(range.struct("spec").strings("cidrs"))
        .containsExactly("10.7.0.0/16", "fd00:7::/112");
    assertThat(range.struct("status").structs("conditions").getFirst().string("message"))
        .isEqualTo("Kubernetes default Service CIDR is ready");
  }

  @Test
  void whatIsOutOfStepIsRepairedAndTold() {
    start("10.7.0.0/16");
    String address = service("web", ", type: NodePort").string("clusterIP");
    api.delete(ApiResource.IP_ADDRESSES, "", address, DeleteOptions.DEFAULT);
    service("other", ", type: NodePort, clusterIP: 10.7.200.9");
    defaults.keep();
    world.settle();
    world.advance(Duration.ofSeconds(2));

    assertThat(taken()).contains(address);
    assertThat(events())
        .contains(
            "ClusterIPNotAllocated Cluster IP [IPv4]: " + address + " is not allocated; repairing");
  }

  @Test
  void anAddressWithoutAServiceIsGivenBackAtTheSecondLook() {
    start("10.7.0.0/16");
    api.create(
        ApiResource.IP_ADDRESSES,
        Yaml.struct(
            """
            apiVersion: networking.k8s.io/v1
            kind: IPAddress
            metadata: {name: 10.7.3.3}
            spec: {parentRef: {resource: services, namespace: default, name: gone}}
            """));
    defaults.keep();
    world.settle();
    assertThat(taken()).contains("10.7.3.3");

    world.advance(Duration.ofMinutes(4));

    assertThat(taken()).doesNotContain("10.7.3.3");
    assertThat(events())
        .contains(
            "IPAddressNotAllocated IPAddress: 10.7.3.3 for Service default/gone appears to have"
                + " leaked: cleaning up");
  }

  private List<String> events() {
    return api.list(ApiResource.EVENTS, "", ListOptions.ALL).items().stream()
        .map(event -> event.string("reason") + " " + event.string("message"))
        .toList();
  }
}

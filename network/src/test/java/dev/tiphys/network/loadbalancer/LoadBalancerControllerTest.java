package dev.tiphys.network.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The addresses of Services of type LoadBalancer, and what is said of them.
class LoadBalancerControllerTest {

  private final VirtualWorld world = new VirtualWorld(3);
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world),
          world,
          ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  private final Api api = server.api("tester");
  private LoadBalancerController controller;
  private volatile int edgePort = -1;

  private void start(AddressPool pool) {
    server.defaults(new ApiServerAddress("192.0.2.200", 6443, "10.96.0.1")).ensure();
    controller =
        new LoadBalancerController(
            world,
            server.api("service-controller"),
            pool,
            new LoadBalancerController.PortsInUse() {
              @Override
              public String user(String protocol, int port) {
                return protocol.equals("TCP") && port == 6443 ? "the API server" : "";
              }

              @Override
              public boolean isOwn(String protocol, int port) {
                return protocol.equals("TCP") && port == edgePort;
              }
            },
            LocalAddresses.Shared.of("169.254.20.64/30"));
    controller.start();
    settle();
  }

  @AfterEach
  void stop() {
    controller.close();
    settle();
    server.close();
  }

  private void settle() {
    world.settle();
  }

  private void node(String name, String address, boolean ready) {
    Struct node =
        api.create(
            ApiResource.NODES,
            Yaml.struct("{apiVersion: v1, kind: Node, metadata: {name: %s}}".formatted(name)));
    Struct status =
        Yaml.struct(
            """
            addresses: [{type: InternalIP, address: %s}]
            conditions: [{type: Ready, status: '%s'}]
            """
                .formatted(address, ready ? "True" : "False"));
    api.update(ApiResource.NODES, node.with("status", status), "status");
    settle();
  }

  private void service(String name, int port, String more) {
    api.create(
        ApiResource.SERVICES,
        Yaml.struct(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: %s, namespace: default}
            spec: {type: LoadBalancer, ports: [{port: %d}]%s}
            """
                .formatted(name, port, more)));
    settle();
  }

  private void change(String name, UnaryOperator<Struct> change) {
    api.update(ApiResource.SERVICES, change.apply(get(name)));
    settle();
  }

  private Struct get(String name) {
    return api.get(ApiResource.SERVICES, "default", name);
  }

  private List<String> addresses(String name) {
    return PortConflicts.addresses(get(name));
  }

  private List<String> events(String name) {
    world.advance(Duration.ofSeconds(1));
    settle();
    return api.list(ApiResource.EVENTS, "default", ListOptions.ALL).items().stream()
        .filter(event -> event.string("involvedObject", "name").equals(name))
        .map(event -> event.string("reason") + " " + event.string("message"))
        .toList();
  }

  @Test
  void aServiceGetsTheAddressesOfTheNodesThatAreReady() {
    start(null);
    node("a", "192.0.2.1", true);
    node("b", "192.0.2.2", false);
    service("web", 80, "");

    assertThat(addresses("web")).containsExactly("192.0.2.1");
    assertThat(get("web").struct("status", "loadBalancer").toString())
        .isEqualTo("{\"ingress\":[{\"ip\":\"192.0.2.1\",\"ipMode\":\"VIP\"}]}");
    assertThat(get("web").struct("metadata").strings("finalizers"))
        .containsExactly("service.kubernetes.io/load-balancer-cleanup");
    assertThat(events("web"))
        .contains(
            "EnsuringLoadBalancer Ensuring load balancer",
            "EnsuredLoadBalancer Ensured load balancer");

    node("c", "192.0.2.3", true);
    assertThat(addresses("web")).containsExactly("192.0.2.1", "192.0.2.3");
    assertThat(events("web")).contains("UpdatedLoadBalancer Updated load balancer with new hosts");
  }

  @Test
  void besideAListenerOfTheClusterAServiceHasALocalAddressAndKeepsIt() {
    start(null);
    node("a", "192.0.2.1", true);
    edgePort = 80;
    service("first", 80, "");
    service("second", 80, "");
    service("other", 81, "");
    assertThat(addresses("first")).containsExactly("169.254.20.65");
    assertThat(addresses("second")).containsExactly("169.254.20.66");
    assertThat(addresses("other")).containsExactly("192.0.2.1");

    edgePort = -1;
    change("first", each -> each.withAt("Local", "spec", "externalTrafficPolicy"));
    assertThat(addresses("first")).containsExactly("169.254.20.65");

    service("third", 80, "");
    assertThat(addresses("third")).as("now the port is free").containsExactly("192.0.2.1");
  }

  @Test
  void withoutNodesItWaitsForOne() {
    start(null);
    service("web", 80, "");
    assertThat(events("web"))
        .contains("UnAvailableLoadBalancer There are no available nodes for LoadBalancer");

    node("a", "192.0.2.1", true);

    assertThat(addresses("web")).containsExactly("192.0.2.1");
  }

  @Test
  void aServiceThatIsDeletedOrChangesItsTypeLetsGo() {
    start(null);
    node("a", "192.0.2.1", true);
    service("web", 80, "");
    service("other", 81, "");

    change("web", service -> service.withAt("ClusterIP", "spec", "type"));
    api.delete(ApiResource.SERVICES, "default", "other", DeleteOptions.DEFAULT);
    settle();

    assertThat(addresses("web")).isEmpty();
    assertThat(get("web").struct("metadata").strings("finalizers")).isEmpty();
    assertThat(api.find(ApiResource.SERVICES, "default", "other")).isNull();
    assertThat(events("web"))
        .contains(
            "Type LoadBalancer -> ClusterIP",
            "DeletingLoadBalancer Deleting load balancer",
            "DeletedLoadBalancer Deleted load balancer");
  }

  @Test
  void aPortOfTheNodesIsGivenOnce() {
    start(null);
    node("a", "192.0.2.1", true);
    service("web", 80, "");
    service("other", 80, "");
    service("api", 6443, "");

    assertThat(addresses("other")).isEmpty();
    assertThat(events("other"))
        .contains(
            "SyncLoadBalancerFailed Error syncing load balancer: port 80/TCP of 192.0.2.1 is taken by"
                + " service default/web");
    assertThat(events("api"))
        .contains(
            "SyncLoadBalancerFailed Error syncing load balancer: port 6443 of the nodes is taken by"
                + " the API server");

    api.delete(ApiResource.SERVICES, "default", "web", DeleteOptions.DEFAULT);
    settle();

    assertThat(addresses("other")).containsExactly("192.0.2.1");
  }

  @Test
  void aPoolGivesEachServiceAnAddressOfItsOwnAndTakesItBack() {
    start(AddressPool.of(List.of("198.51.100.10-198.51.100.11")));
    service("one", 80, "");
    service("two", 80, "");
    service("three", 80, "");

    assertThat(addresses("one")).containsExactly("198.51.100.10");
    assertThat(addresses("two")).containsExactly("198.51.100.11");
    assertThat(addresses("three")).isEmpty();
    assertThat(events("three"))
        .contains(
            "SyncLoadBalancerFailed Error syncing load balancer: no IPv4 address of the pool is free");

    change("one", service -> service.withAt("ClusterIP", "spec", "type"));

    assertThat(addresses("three")).containsExactly("198.51.100.10");
    change("one", service -> service.withAt("LoadBalancer", "spec", "type"));
    assertThat(addresses("one")).isEmpty();
  }

  @Test
  void theWriteThatChangesTheTypeTakesTheAddressAndTheNodePorts() {
    start(AddressPool.of(List.of("198.51.100.10")));
    service("one", 80, "");
    assertThat(get("one").structs("spec", "ports").getFirst().integer("nodePort")).isPositive();

    Struct written =
        api.update(ApiResource.SERVICES, get("one").withAt("ClusterIP", "spec", "type"));

    assertThat(PortConflicts.addresses(written)).isEmpty();
    assertThat(written.structs("spec", "ports").getFirst().integer("nodePort")).isZero();
    settle();
    service("two", 80, "");
    change("one", service -> service.withAt("LoadBalancer", "spec", "type"));
    assertThat(addresses("two")).containsExactly("198.51.100.10");
    assertThat(addresses("one")).isEmpty();

    api.delete(ApiResource.SERVICES, "default", "two", DeleteOptions.DEFAULT);
    settle();
    assertThat(addresses("one")).containsExactly("198.51.100.10");
  }

  @Test
  void anAddressOfThePoolCanBeAskedFor() {
    start(AddressPool.of(List.of("198.51.100.0/28")));
    service("web", 80, ", loadBalancerIP: 198.51.100.7");
    service("far", 80, ", loadBalancerIP: 203.0.113.7");

    assertThat(addresses("web")).containsExactly("198.51.100.7");
    assertThat(addresses("far")).isEmpty();
  }

  @Test
  void anotherClassIsLeftToItsOwnController() {
    start(null);
    node("a", "192.0.2.1", true);
    service("web", 80, ", loadBalancerClass: example.com/other");

    assertThat(addresses("web")).isEmpty();
    assertThat(get("web").struct("metadata").strings("finalizers")).isEmpty();
  }
}

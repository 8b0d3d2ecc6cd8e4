package dev.tiphys.monitoring.discovery;

import static dev.tiphys.client.ApiResource.ENDPOINT_SLICES;
import static dev.tiphys.client.ApiResource.INGRESSES;
import static dev.tiphys.client.ApiResource.NODES;
import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informers;
import dev.tiphys.client.PatchType;
import dev.tiphys.controllers.ControllerSettings;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What each role finds, under Prometheus' own labels, and that it follows what happens.
class DiscoveryTest {

  private static final ObjectKey OWNER = new ObjectKey("monitoring", "prometheus");

  @TempDir Path directory;
  private TestCluster cluster;
  private Informers informers;
  private TargetFiles files;

  @BeforeEach
  void start() throws InterruptedException {
    cluster = new TestCluster(1, ControllerSettings.DEFAULT);
    cluster.stopControllers(); // endpoints are what the test says
    informers = new Informers(cluster.world, cluster.api);
    files = new TargetFiles(cluster.world, informers);
    informers.start();
    informers.awaitSynced();
  }

  @AfterEach
  void close() {
    files.close();
    informers.close();
    cluster.close();
  }

  private void search(String config) {
    files.keep(OWNER, Map.of(directory.resolve("a.json"), new Search(Yaml.struct(config))));
  }

  /// The targets that the file has, `address` among their labels.
  private List<Struct> targets() throws IOException {
    cluster.advance(Duration.ofSeconds(1));
    String text = Files.readString(directory.resolve("a.json"));
    return Yaml.struct("all: " + text).structs("all").stream()
        .map(each -> each.struct("labels").with("address", each.strings("targets").getFirst()))
        .toList();
  }

  private List<String> addresses() throws IOException {
    return targets().stream().map(each -> each.string("address")).toList();
  }

  private static String meta(Struct target, String label) {
    return target.string("__meta_kubernetes_" + label);
  }

  private void status(ApiResource resource, String name, String status) {
    Struct _ =
        cluster.api.patch(
            resource,
            resource.namespaced() ? "default" : "",
            name,
            "status",
            PatchType.MERGE,
            Struct.of("status", Yaml.struct(status)));
  }

  private void node(String name, String labels) {
    cluster.create(
        NODES,
        "{apiVersion: v1, kind: Node, metadata: {name: %s, labels: {own: here, %s}}}"
            .formatted(name, labels));
    status(
        NODES,
        name,
        """
        addresses: [{type: Hostname, address: %s}, {type: InternalIP, address: 192.0.2.9}]
        daemonEndpoints: {kubeletEndpoint: {Port: 10250}}
        """
            .formatted(name));
  }

  private void pod(String name, String address) {
    cluster.create(
        PODS,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: default, labels: {app: web, a.b/c-d: e}}
        spec:
          nodeName: machine
          initContainers: [{name: first, image: "init:1"}]
          containers:
          - {name: web, image: "web:1", ports: [{name: http, containerPort: 80}, {name: admin, containerPort: 8080}]}
          - {name: side, image: "side:1"}
        """
            .formatted(name));
    status(
        PODS,
        name,
        "{phase: Running, podIP: %1$s, hostIP: 192.0.2.9, podIPs: [{ip: %1$s}], conditions: [{type: Ready, status: 'True'}]}"
            .formatted(address));
  }

  @Test
  void eachPortOfAPodIsATargetAndEachContainerWithout() throws IOException {
    node("machine", "");
    search("role: pod");
    assertThat(targets()).isEmpty();

    pod("b", "10.0.0.2");
    List<Struct> targets = targets();

    assertThat(targets)
        .extracting(each -> each.string("address"))
        .containsExactly("10.0.0.2:80", "10.0.0.2:8080", "10.0.0.2", "10.0.0.2");
    Struct first = targets.getFirst();
    assertThat(meta(first, "pod_name")).isEqualTo("b");
    assertThat(meta(first, "namespace")).isEqualTo("default");
    assertThat(meta(first, "pod_ip")).isEqualTo("10.0.0.2");
    assertThat(meta(first, "pod_host_ip")).isEqualTo("192.0.2.9");
    assertThat(meta(first, "pod_node_name")).isEqualTo("machine");
    assertThat(meta(first, "pod_phase")).isEqualTo("Running");
    assertThat(meta(first, "pod_ready")).isEqualTo("true");
    assertThat(meta(first, "pod_label_a_b_c_d")).isEqualTo("e");
    assertThat(meta(first, "pod_labelpresent_a_b_c_d")).isEqualTo("true");
    assertThat(meta(first, "pod_container_name")).isEqualTo("web");
    assertThat(meta(first, "pod_container_image")).isEqualTo("web:1");
    assertThat(meta(first, "pod_container_port_name")).isEqualTo("http");
    assertThat(meta(first, "pod_container_port_number")).isEqualTo("80");
    assertThat(meta(first, "pod_container_port_protocol")).isEqualTo("TCP");
    assertThat(meta(first, "pod_container_init")).isEqualTo("false");
    assertThat(meta(targets.getLast(), "pod_container_init")).isEqualTo("true");
    assertThat(meta(targets.getLast(), "pod_container_name")).isEqualTo("first");
    assertThat(meta(targets.getLast(), "pod_container_port_name")).isEmpty();

    cluster.delete(PODS, "b");
    cluster.advance(Duration.ofMinutes(1));
    assertThat(targets()).isEmpty();
  }

  @Test
  void aPodIsToldOfWithItsNodeWhichMayChange() throws IOException {
    node("machine", "zone: a");
    pod("b", "10.0.0.2");
    search("{role: pod, attach_metadata: {node: true}}");
    assertThat(meta(targets().getFirst(), "node_label_zone")).isEqualTo("a");
    assertThat(meta(targets().getFirst(), "node_name")).isEqualTo("machine");

    Struct _ =
        cluster.api.patch(
            NODES,
            "",
            "machine",
            "",
            PatchType.MERGE,
            Yaml.struct("metadata: {labels: {zone: b}}"));

    assertThat(meta(targets().getFirst(), "node_label_zone")).isEqualTo("b");
  }

  @Test
  void aNodeIsATargetAtItsAgent() throws IOException {
    search("{role: node, selectors: [{role: node, label: own=here}]}");
    node("machine", "zone: a");

    Struct target = targets().getFirst();
    assertThat(target.string("address")).isEqualTo("192.0.2.9:10250");
    assertThat(target.string("instance")).isEqualTo("machine");
    assertThat(meta(target, "node_name")).isEqualTo("machine");
    assertThat(meta(target, "node_label_zone")).isEqualTo("a");
    assertThat(meta(target, "node_address_Hostname")).isEqualTo("machine");
    assertThat(meta(target, "node_address_InternalIP")).isEqualTo("192.0.2.9");

    cluster.delete(NODES, "machine");
    assertThat(targets()).isEmpty();
  }

  @Test
  void eachPathOfAnIngressIsATarget() throws IOException {
    search("role: ingress");
    cluster.create(
        INGRESSES,
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: shop, namespace: default}
        spec:
          ingressClassName: nginx
          tls: [{hosts: ["*.example.com"]}]
          rules:
          - host: Shop.example.com
            http:
              paths:
              - {path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}
              - {path: /pay, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}
          - host: plain.org
        """
            .replace("Shop.", "shop."));

    List<Struct> targets = targets();
    assertThat(targets)
        .extracting(each -> each.string("address"))
        .containsExactly("shop.example.com", "shop.example.com", "plain.org");
    assertThat(targets)
        .extracting(each -> meta(each, "ingress_path"))
        .containsExactly("/", "/pay", "/");
    assertThat(targets)
        .extracting(each -> meta(each, "ingress_scheme"))
        .containsExactly("https", "https", "http");
    assertThat(meta(targets.getFirst(), "ingress_host")).isEqualTo("shop.example.com");
    assertThat(meta(targets.getFirst(), "ingress_name")).isEqualTo("shop");
    assertThat(meta(targets.getFirst(), "ingress_class_name")).isEqualTo("nginx");
  }

  private void service(String name, String more) {
    cluster.create(
        SERVICES,
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s, namespace: default, labels: {app: web}}
        spec: {ports: [{name: http, port: 80}], %s}
        """
            .formatted(name, more));
  }

  private void slice(String name, String type, String address, String ready) {
    cluster.create(
        ENDPOINT_SLICES,
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: %s, namespace: default, labels: {kubernetes.io/service-name: web}}
        addressType: %s
        endpoints:
        - addresses: ["%s"]
          conditions: {ready: %s}
          nodeName: machine
          zone: z
          targetRef: {kind: Pod, name: b, namespace: default}
        ports: [{name: http, port: 80, protocol: TCP}]
        """
            .formatted(name, type, address, ready));
  }

  @Test
  void slicesAreFoundWithTheirServiceAndTheOtherPortsOfTheirPods() throws IOException {
    node("machine", "");
    pod("b", "10.0.0.2");
    service("web", "");
    search("{role: endpointslice, selectors: [{role: service, label: app=web}]}");
    slice("web-1", "IPv4", "10.0.0.2", "false");

    List<Struct> targets = targets();
    Struct target = targets.getFirst();
    assertThat(targets)
        .extracting(each -> each.string("address"))
        .containsExactly("10.0.0.2:80", "10.0.0.2:8080");
    assertThat(meta(target, "endpointslice_name")).isEqualTo("web-1");
    assertThat(meta(target, "endpointslice_address_type")).isEqualTo("IPv4");
    assertThat(meta(target, "endpointslice_port")).isEqualTo("80");
    assertThat(meta(target, "endpointslice_port_name")).isEqualTo("http");
    assertThat(meta(target, "endpointslice_port_protocol")).isEqualTo("TCP");
    assertThat(meta(target, "endpointslice_endpoint_conditions_ready")).isEqualTo("false");
    assertThat(meta(target, "endpointslice_endpoint_node_name")).isEqualTo("machine");
    assertThat(meta(target, "endpointslice_endpoint_zone")).isEqualTo("z");
    assertThat(meta(target, "endpointslice_address_target_kind")).isEqualTo("Pod");
    assertThat(meta(target, "endpointslice_address_target_name")).isEqualTo("b");
    assertThat(meta(target, "service_name")).isEqualTo("web");
    assertThat(meta(target, "service_label_app")).isEqualTo("web");
    assertThat(meta(target, "pod_container_port_name")).isEqualTo("http");
    assertThat(meta(targets.getLast(), "pod_container_port_name")).isEqualTo("admin");

    status(PODS, "b", "{phase: Succeeded, conditions: [{type: Ready, status: 'False'}]}");
    assertThat(meta(targets().getFirst(), "pod_ready")).isEqualTo("false");
    cluster.delete(SERVICES, "web");
    assertThat(targets()).isEmpty();
  }

  @Test
  void endpointsHaveTheFirstFamilyOfTheirServiceAndSlicesHaveAll() throws IOException {
    service("web", "ipFamilies: [IPv4], ipFamilyPolicy: SingleStack");
    slice("web-1", "IPv4", "10.0.0.2", "true");
    slice("web-2", "IPv6", "2001:db8::1", "true");

    search("{role: endpointslice, selectors: [{role: service, label: app=web}]}");
    assertThat(addresses()).containsExactly("10.0.0.2:80", "[2001:db8::1]:80");
    files.keep(OWNER, Map.of());
    search("{role: endpoints, selectors: [{role: service, label: app=web}]}");
    assertThat(addresses()).containsExactly("10.0.0.2:80");
  }

  @Test
  void aSearchIsNarrowedByNamespacesAndSelectors() throws IOException {
    service("web", "");
    slice("web-1", "IPv4", "10.0.0.2", "true");
    search("{role: endpoints, selectors: [{role: service, label: app=web}]}");
    assertThat(targets()).hasSize(1);

    Struct _ =
        cluster.change(SERVICES, "web", each -> each.withAt("other", "metadata", "labels", "app"));
    assertThat(targets()).isEmpty();

    files.keep(OWNER, Map.of());
    search("{role: endpoints, namespaces: {names: [elsewhere]}}");
    assertThat(targets()).isEmpty();
  }

  @Test
  void aFileThatCannotBeWrittenIsWrittenOnceItCan() throws IOException {
    service("web", "");
    search("{role: endpoints, selectors: [{role: service, label: app=web}]}");
    Path inTheWay = directory.resolve("a.json.new");
    Files.createDirectories(inTheWay);
    slice("web-1", "IPv4", "10.0.0.2", "true");
    assertThat(targets()).isEmpty();

    Files.delete(inTheWay);
    cluster.advance(Duration.ofSeconds(10));

    assertThat(addresses()).containsExactly("10.0.0.2:80");
  }
}

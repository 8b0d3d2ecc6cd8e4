package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.RESOURCE_CLAIMS;
import static dev.tiphys.client.ApiResource.RESOURCE_CLAIM_TEMPLATES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResourceClaimTest {

  private static final String TEMPLATE =
      """
      apiVersion: resource.k8s.io/v1
      kind: ResourceClaimTemplate
      metadata: {name: one-gpu, namespace: default}
      spec:
        metadata: {labels: {kind: gpu}, annotations: {note: x}}
        spec:
          devices: {requests: [{name: gpu, exactly: {deviceClassName: gpus}}]}
      """;

  private static final String SHARED =
      """
      apiVersion: resource.k8s.io/v1
      kind: ResourceClaim
      metadata: {name: shared, namespace: default}
      spec:
        devices: {requests: [{name: gpu, exactly: {deviceClassName: gpus}}]}
      """;

  private static final Struct ALLOCATION =
      Yaml.struct(
          "devices: {results: [{request: gpu, driver: gpu.example.com, pool: p, device: d}]}");

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private static String pod(String name, String source) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: default}
    spec:
      resourceClaims: [{name: gpu, %s}]
      containers: [{name: app, image: "web:1", resources: {claims: [{name: gpu}]}}]
    """
        .formatted(name, source);
  }

  private static String generated(String name) {
    return pod(name, "resourceClaimTemplateName: one-gpu");
  }

  private static String sharing(String name) {
    return pod(name, "resourceClaimName: shared");
  }

  private void allocate(String claim, Struct... pods) {
    List<Struct> consumers =
        List.of(pods).stream()
            .map(Meta::of)
            .map(pod -> Struct.of("resource", "pods", "name", pod.name(), "uid", pod.uid()))
            .toList();
    Struct status = Struct.of("allocation", ALLOCATION);
    Struct whole = consumers.isEmpty() ? status : status.with("reservedFor", consumers);
    cluster.api.update(
        RESOURCE_CLAIMS,
        cluster
            .change(
                RESOURCE_CLAIMS,
                claim,
                each ->
                    each.withAt(
                        List.of("resource.kubernetes.io/delete-protection"),
                        "metadata",
                        "finalizers"))
            .with("status", whole),
        "status");
  }

  private List<String> users(String claim) {
    return cluster.get(RESOURCE_CLAIMS, claim).structs("status", "reservedFor").stream()
        .map(consumer -> consumer.string("name"))
        .toList();
  }

  private void end(String pod) {
    cluster.api.update(
        PODS, cluster.get(PODS, pod).withAt("Succeeded", "status", "phase"), "status");
    cluster.advance(Duration.ofSeconds(2));
  }

  @Test
  void claimsAreCountedByWhatTheyAreMadeFromAndWhatTheyHave() {
    cluster.create(RESOURCE_CLAIM_TEMPLATES, TEMPLATE);
    cluster.create(PODS, generated("web"));
    cluster.create(RESOURCE_CLAIMS, SHARED);
    cluster.settle();
    allocate("shared");
    cluster.settle();
    cluster.restartControllers();

    assertThat(cluster.counted())
        .contains(
            "resourceclaim_controller_creates_total{status=\"success\",admin_access=\"false\"} 1\n",
            "resourceclaim_controller_resource_claims{allocated=\"true\",admin_access=\"false\","
                + "source=\"\"} 1\n",
            "resourceclaim_controller_resource_claims{allocated=\"false\",admin_access=\"false\","
                + "source=\"resource_claim_template\"} 1\n");
  }

  @Test
  void aClaimIsMadeFromTheTemplateAndNamedInThePod() {
    cluster.create(RESOURCE_CLAIM_TEMPLATES, TEMPLATE);
    Struct pod = cluster.create(PODS, generated("web"));
    cluster.settle();

    Struct claim = cluster.list(RESOURCE_CLAIMS).getFirst();
    String name = Meta.of(claim).name();
    assertThat(cluster.names(RESOURCE_CLAIMS)).hasSize(1);
    assertThat(name).matches("web-gpu-[a-z0-9]{5}");
    assertThat(Meta.of(claim).controller()).isEqualTo(Meta.of(pod).asController());
    assertThat(Meta.of(claim).label("kind")).isEqualTo("gpu");
    assertThat(Meta.of(claim).annotations())
        .isEqualTo(Struct.of("note", "x", "resource.kubernetes.io/pod-claim-name", "gpu"));
    assertThat(cluster.get(PODS, "web").structs("status", "resourceClaimStatuses"))
        .containsExactly(Struct.of("name", "gpu", "resourceClaimName", name));

    cluster.delete(PODS, "web");
    cluster.settle();
    assertThat(cluster.names(RESOURCE_CLAIMS)).isEmpty();
  }

  @Test
  void aTemplateThatIsAbsentIsToldAndWaitedFor() {
    cluster.create(PODS, generated("web"));
    cluster.advance(Duration.ofSeconds(5));
    assertThat(cluster.events("web"))
        .contains(
            "FailedResourceClaimCreation: PodResourceClaim gpu: resource claim template"
                + " \"one-gpu\": resourceclaimtemplate.resource.k8s.io \"one-gpu\" not found");

    cluster.create(RESOURCE_CLAIM_TEMPLATES, TEMPLATE);
    cluster.settle();
    assertThat(cluster.names(RESOURCE_CLAIMS)).hasSize(1);
  }

  @Test
  void aClaimThatIsDeletedIsMadeAgainAndNamedAnew() {
    cluster.create(RESOURCE_CLAIM_TEMPLATES, TEMPLATE);
    cluster.create(PODS, generated("web"));
    cluster.settle();
    String first = cluster.names(RESOURCE_CLAIMS).getFirst();

    cluster.delete(RESOURCE_CLAIMS, first);
    cluster.settle();

    String second = cluster.names(RESOURCE_CLAIMS).getFirst();
    assertThat(second).isNotEqualTo(first);
    assertThat(cluster.get(PODS, "web").structs("status", "resourceClaimStatuses"))
        .containsExactly(Struct.of("name", "gpu", "resourceClaimName", second));
  }

  @Test
  void aClaimOfAPodThatIsOverGoesThoughThePodStays() {
    cluster.create(RESOURCE_CLAIM_TEMPLATES, TEMPLATE);
    Struct pod = cluster.create(PODS, generated("web"));
    cluster.settle();
    allocate(cluster.names(RESOURCE_CLAIMS).getFirst(), pod);
    cluster.settle();
    assertThat(cluster.names(RESOURCE_CLAIMS)).hasSize(1);

    end("web");

    assertThat(cluster.names(RESOURCE_CLAIMS)).isEmpty();
    assertThat(cluster.names(PODS)).containsExactly("web");
  }

  @Test
  void aSharedClaimIsGivenBackByTheLastOfItsPods() {
    cluster.create(RESOURCE_CLAIMS, SHARED);
    Struct one = cluster.create(PODS, sharing("one"));
    Struct two = cluster.create(PODS, sharing("two"));
    cluster.settle();
    allocate("shared", one, two);
    cluster.settle();
    assertThat(users("shared")).containsExactly("one", "two");

    end("one");
    assertThat(users("shared")).containsExactly("two");
    assertThat(cluster.get(RESOURCE_CLAIMS, "shared").has("status", "allocation")).isTrue();

    cluster.delete(PODS, "two");
    cluster.settle();
    Struct free = cluster.get(RESOURCE_CLAIMS, "shared");
    assertThat(free.struct("status")).isEqualTo(Struct.EMPTY);
    assertThat(Meta.of(free).finalizers()).isEmpty();
  }

  @Test
  void whatIsReservedForPodsThatNeverWereIsGivenBack() {
    cluster.create(RESOURCE_CLAIMS, SHARED);
    allocate("shared", Struct.of("metadata", Struct.of("name", "ghost", "uid", "1-2-3")));
    cluster.settle();

    assertThat(users("shared")).isEmpty();
  }

  @Test
  void aPodThatIsBoundWithoutAReservationGetsOne() {
    cluster.create(RESOURCE_CLAIMS, SHARED);
    allocate("shared");
    cluster.create(PODS, sharing("one"));
    cluster.settle();

    assertThat(users("shared")).containsExactly("one");
  }

  @Test
  void aClaimThatIsDeletedWhileUnusedIsFreed() {
    cluster.create(RESOURCE_CLAIMS, SHARED);
    allocate("shared");
    cluster.settle();
    assertThat(cluster.get(RESOURCE_CLAIMS, "shared").has("status", "allocation")).isTrue();

    cluster.delete(RESOURCE_CLAIMS, "shared");
    cluster.settle();

    assertThat(cluster.names(RESOURCE_CLAIMS)).isEmpty();
  }

  /// A claim that was made without an answer may be made again; but the Pod ends up with one, and
  /// all of them go with it.
  @Seeds(5)
  void lostRequestsAreMadeUpFor(long seed) {
    try (TestCluster other =
        new TestCluster(seed, ControllerSettings.DEFAULT, new Faults(0.3, 0.3))) {
      other.create(RESOURCE_CLAIM_TEMPLATES, TEMPLATE);
      other.create(PODS, generated("web"));
      other.settle();
      other.restartControllers();
      other.settle();
      List<Struct> named = other.get(PODS, "web").structs("status", "resourceClaimStatuses");
      assertThat(named).hasSize(1);
      assertThat(other.names(RESOURCE_CLAIMS))
          .contains(named.getFirst().string("resourceClaimName"));

      other.delete(PODS, "web");
      other.advance(Duration.ofMinutes(15)); // the collector waits longer after each failure
      assertThat(other.names(RESOURCE_CLAIMS)).isEmpty();
    }
  }
}

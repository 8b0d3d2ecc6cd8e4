package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.DEPLOYMENTS;
import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.POD_DISRUPTION_BUDGETS;
import static dev.tiphys.client.ApiResource.REPLICA_SETS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisruptionTest {

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void budget(String spec) {
    cluster.create(
        POD_DISRUPTION_BUDGETS,
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: web, namespace: default}
        spec: {selector: {matchLabels: {app: web}}, %s}
        """
            .formatted(spec));
    cluster.settle();
  }

  private String counts() {
    Struct status = cluster.get(POD_DISRUPTION_BUDGETS, "web").struct("status");
    return "expected=%d healthy=%d desired=%d allowed=%d"
        .formatted(
            status.integer("expectedPods"),
            status.integer("currentHealthy"),
            status.integer("desiredHealthy"),
            status.integer("disruptionsAllowed"));
  }

  private Struct condition() {
    return Meta.condition(cluster.get(POD_DISRUPTION_BUDGETS, "web"), "DisruptionAllowed");
  }

  private void evict(String pod) {
    cluster.api.createSubresource(
        PODS,
        "default",
        pod,
        "eviction",
        Struct.of(
            "apiVersion",
            "policy/v1",
            "kind",
            "Eviction",
            "metadata",
            Struct.of("name", pod, "namespace", "default")));
  }

  @Test
  void theStatusFollowsTheDeployment() {
    cluster.create(DEPLOYMENTS, Manifests.deployment(4, ""));
    budget("maxUnavailable: 25%");
    assertThat(counts()).isEqualTo("expected=4 healthy=4 desired=3 allowed=1");
    assertThat(condition().string("reason")).isEqualTo("SufficientPods");

    cluster.change(DEPLOYMENTS, "web", web -> web.withAt(8L, "spec", "replicas"));
    cluster.settle();
    assertThat(counts()).isEqualTo("expected=8 healthy=8 desired=6 allowed=2");

    cluster.change(
        POD_DISRUPTION_BUDGETS, "web", web -> web.withAt("100%", "spec", "maxUnavailable"));
    cluster.settle();
    assertThat(counts()).isEqualTo("expected=8 healthy=8 desired=0 allowed=8");
    assertThat(cluster.get(POD_DISRUPTION_BUDGETS, "web").integer("status", "observedGeneration"))
        .isEqualTo(2);
  }

  @Test
  void evictionsAreGrantedOneAfterTheOtherUntilAllPodsHaveMoved() {
    cluster.create(DEPLOYMENTS, Manifests.deployment(3, ""));
    budget("maxUnavailable: 1");
    List<String> first = cluster.names(PODS);

    for (String pod : first) {
      evict(pod);
      for (String other : first) {
        if (!other.equals(pod) && cluster.names(PODS).contains(other)) {
          assertThatThrownBy(() -> evict(other))
              .isInstanceOf(ApiException.class)
              .hasMessage("Cannot evict pod as it would violate the pod's disruption budget.");
        }
      }
      cluster.settle();
      assertThat(counts()).isEqualTo("expected=3 healthy=3 desired=2 allowed=1");
    }

    assertThat(cluster.names(PODS)).hasSize(3).doesNotContainAnyElementsOf(first);
  }

  @Test
  void evictionsFollowTheBudgetAsItIsNow() {
    cluster.create(REPLICA_SETS, Manifests.replicaSet("web", 3));
    budget("minAvailable: 3");
    String pod = cluster.names(PODS).getFirst();
    assertBlocked(pod);

    cluster.change(POD_DISRUPTION_BUDGETS, "web", web -> web.withAt(2L, "spec", "minAvailable"));
    cluster.settle();
    evict(pod);
    cluster.settle();
    assertThat(cluster.names(PODS)).hasSize(3).doesNotContain(pod);

    cluster.change(
        POD_DISRUPTION_BUDGETS,
        "web",
        web -> web.withoutAt("spec", "minAvailable").withAt(0L, "spec", "maxUnavailable"));
    cluster.settle();
    String next = cluster.names(PODS).getFirst();
    assertBlocked(next);

    cluster.delete(POD_DISRUPTION_BUDGETS, "web");
    evict(next);
    cluster.settle();
    assertThat(cluster.names(PODS)).doesNotContain(next);
  }

  private void assertBlocked(String pod) {
    assertThatThrownBy(() -> evict(pod))
        .asInstanceOf(InstanceOfAssertFactories.type(ApiException.class))
        .extracting(refusal -> refusal.status().structs("details", "causes").getFirst())
        .extracting(cause -> cause.string("reason"))
        .isEqualTo("DisruptionBudget");
  }

  @Test
  void podsWithoutAControllerCountOnlyForANumber() {
    cluster.create(PODS, Manifests.pod("alone"));
    cluster.settle();
    budget("minAvailable: 1");
    assertThat(counts()).isEqualTo("expected=1 healthy=1 desired=1 allowed=0");

    cluster.change(POD_DISRUPTION_BUDGETS, "web", web -> web.withAt("50%", "spec", "minAvailable"));
    cluster.settle();
    assertThat(counts()).isEqualTo("expected=0 healthy=1 desired=0 allowed=0");
    assertThat(cluster.events("web"))
        .anyMatch(
            event ->
                event.startsWith(
                    "UnmanagedPods: Pods selected by this PodDisruptionBudget (selector:"
                        + " &LabelSelector{MatchLabels:map[string]string{app: web,},MatchExpressions:"
                        + "[]LabelSelectorRequirement{},}) were found to be unmanaged."));
  }

  @Test
  void aControllerWithoutAScaleAllowsNoDisruption() {
    cluster.create(
        PODS,
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: daemon
          namespace: default
          labels: {app: web}
          ownerReferences:
          - {apiVersion: example.com/v1, kind: Unheard, name: x, uid: "1", controller: true}
        spec:
          containers: [{name: app, image: "web:1"}]
        """);
    budget("maxUnavailable: 1");

    assertThat(counts()).endsWith("allowed=0");
    assertThat(condition().string("reason")).isEqualTo("SyncFailed");
    assertThat(condition().string("message"))
        .isEqualTo("no matches for kind \"Unheard\" in version \"example.com/v1\"");
    assertThat(cluster.events("web"))
        .contains(
            "CalculateExpectedPodCountFailed: Failed to calculate the number of expected pods: no"
                + " matches for kind \"Unheard\" in version \"example.com/v1\"");
  }

  /// A Pod that does not work must not keep its node from being drained for ever, if so wished; one
  /// that never ran never does.
  @ParameterizedTest
  @CsvSource({
    "IfHealthyBudget, Running, false",
    "AlwaysAllow,     Running, true",
    "IfHealthyBudget, Pending, true",
    "AlwaysAllow,     Pending, true",
  })
  void aPodThatDoesNotWorkIsEvictedIfTheBudgetSaysSo(String policy, String phase, boolean granted) {
    cluster.kubelet.letWork(_ -> false);
    cluster.create(DEPLOYMENTS, Manifests.deployment(1, ""));
    cluster.settle();
    String pod = cluster.names(PODS).getFirst();
    Struct running = cluster.get(PODS, pod).withAt(phase, "status", "phase");
    cluster.api.update(
        PODS,
        running.withAt(
            List.of(Struct.of("type", "Ready", "status", "False")), "status", "conditions"),
        "status");
    budget("minAvailable: 1, unhealthyPodEvictionPolicy: " + policy);
    assertThat(counts()).isEqualTo("expected=1 healthy=0 desired=1 allowed=0");

    if (granted) {
      evict(pod);
      cluster.settle();
      assertThat(cluster.names(PODS)).doesNotContain(pod);
    } else {
      assertThatThrownBy(() -> evict(pod))
          .isInstanceOfSatisfying(
              ApiException.class,
              refusal -> {
                assertThat(refusal.code()).isEqualTo(429);
                assertThat(refusal.status().structs("details", "causes"))
                    .containsExactly(
                        Struct.of(
                            "reason",
                            "DisruptionBudget",
                            "message",
                            "The disruption budget web needs 1 healthy pods and has 0 currently"));
              });
    }
  }

  @Test
  void aBudgetWithoutPodsSaysSo() {
    budget("minAvailable: 0");

    assertThat(counts()).isEqualTo("expected=0 healthy=0 desired=0 allowed=0");
    assertThat(cluster.events("web")).contains("NoPods: No matching pods found");
  }

  @Test
  void anEvictionThatIsNotFollowedByADeletionIsTakenBackAfterTwoMinutes() {
    cluster.create(DEPLOYMENTS, Manifests.deployment(2, ""));
    budget("maxUnavailable: 1");
    String pod = cluster.names(PODS).getFirst();
    String now = Timestamps.seconds(cluster.world.now());
    Struct budget = cluster.get(POD_DISRUPTION_BUDGETS, "web");
    cluster.api.update(
        POD_DISRUPTION_BUDGETS,
        budget.withAt(Struct.of(pod, now), "status", "disruptedPods"),
        "status");
    cluster.advance(Duration.ofSeconds(1));
    assertThat(counts()).isEqualTo("expected=2 healthy=1 desired=1 allowed=0");

    cluster.advance(Duration.ofSeconds(122));

    assertThat(counts()).isEqualTo("expected=2 healthy=2 desired=1 allowed=1");
    assertThat(cluster.events(pod))
        .contains("NotDeleted: Pod was expected by PDB default/web to be deleted but it wasn't");
  }

  @Test
  void aPodThatWasToBeDisruptedAndIsNotLosesItsConditionAfterTwoMinutes() {
    cluster.create(PODS, Manifests.pod("marked"));
    cluster.settle();
    Struct condition =
        new StructBuilder()
            .add("type", "DisruptionTarget")
            .add("status", "True")
            .add("reason", "EvictionByEvictionAPI")
            .add("lastTransitionTime", Timestamps.seconds(cluster.world.now()))
            .build();
    cluster.api.patch(
        PODS,
        "default",
        "marked",
        "status",
        PatchType.STRATEGIC,
        Struct.of("status", Struct.of("conditions", List.of(condition))));
    cluster.advance(Duration.ofSeconds(118));
    assertThat(Meta.isTrue(cluster.get(PODS, "marked"), "DisruptionTarget")).isTrue();

    cluster.advance(Duration.ofSeconds(3));

    assertThat(Meta.condition(cluster.get(PODS, "marked"), "DisruptionTarget").string("status"))
        .isEqualTo("False");
  }

  @Test
  void aPodOfSeveralBudgetsIsWarnedAbout() {
    budget("minAvailable: 0");
    cluster.create(
        POD_DISRUPTION_BUDGETS,
        """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: all, namespace: default}
        spec: {selector: {}, minAvailable: 0}
        """);
    cluster.create(PODS, Manifests.pod("twice"));
    cluster.settle();

    assertThat(cluster.events("twice"))
        .contains(
            "MultiplePodDisruptionBudgets: Pod \"default\"/\"twice\" matches multiple"
                + " PodDisruptionBudgets.  Chose \"all\" arbitrarily.");
  }
}

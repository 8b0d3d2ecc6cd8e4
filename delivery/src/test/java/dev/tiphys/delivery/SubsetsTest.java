package dev.tiphys.delivery;

import static dev.tiphys.delivery.Istio.DESTINATION_RULES;
import static dev.tiphys.delivery.Istio.VIRTUAL_SERVICES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Shares by the subsets of a DestinationRule.
class SubsetsTest {

  private RolloutCluster it;
  private Istio istio;

  @BeforeEach
  void start() {
    it = new RolloutCluster(1);
    istio = new Istio(it);
    it.service("stable");
    istio.serve(VIRTUAL_SERVICES);
    istio.serve(DESTINATION_RULES);
    istio.web(
        DESTINATION_RULES,
        """
        host: stable
        subsets: [{name: stable, labels: {app: web}}, {name: canary, labels: {app: web}}, {name: mine, labels: {app: else}}]
        """);
  }

  @AfterEach
  void close() {
    it.close();
  }

  /// @param destinations besides those of both versions
  private void virtualService(String destinations) {
    istio.web(
        VIRTUAL_SERVICES,
        """
        hosts: [web]
        http:
        - route:
          - {destination: {host: stable, subset: stable}}
          - {destination: {host: stable, subset: canary}}
        """
            + destinations);
  }

  private void update(String subsets, String steps) {
    it.rollout(
        4,
        """
        canary:
          trafficRouting:
            istio:
              virtualService: {name: web.default}
              destinationRule: {name: web, canarySubsetName: canary, stableSubsetName: stable%s}
          steps: %s
        """
            .formatted(subsets, steps),
        "{template: {metadata: {labels: {app: web}}, spec: {containers: [%s]}}}"
            .formatted(container("web:1")));
    it.set(List.of(Yaml.struct(container("web:2"))), "spec", "template", "spec", "containers");
    it.settle();
  }

  /// With a port, without which versions of Experiments have no Service.
  private static String container(String image) {
    return "{name: app, image: '%s', ports: [{containerPort: 80}]}".formatted(image);
  }

  private String weights() {
    return Istio.weights(istio.http().getFirst());
  }

  @Test
  void theySelectThePodsOfBothVersions() {
    virtualService("");
    update("", "[{setWeight: 50}, {pause: {}}]");
    assertThat(weights()).isEqualTo("[stablestable=50, stablecanary=50]");
    assertThat(istio.hashOf("stable")).isEqualTo(it.of("web:1").hash());
    assertThat(istio.hashOf("canary")).isEqualTo(it.of("web:2").hash());
    assertThat(it.events())
        .contains(
            "UpdatedDestinationRule: DestinationRule web subset updated (canary: %s, stable: %s)"
                .formatted(it.of("web:2").hash(), it.of("web:1").hash()));
    it.promote();
    it.settle();
    assertThat(it.phase()).isEqualTo("Healthy");
    assertThat(istio.hashOf("stable")).isEqualTo(it.of("web:2").hash());
    assertThat(istio.hashOf("mine")).isEmpty();
    assertThat(weights()).isEqualTo("[stablestable=100, stablecanary=0]");
  }

  @Test
  void additionalOnesKeepTheirShareAndTheStableVersionGetsWhatTheyLeave() {
    virtualService("  - {destination: {host: other, subset: mine}, weight: 20}\n");
    update(
        ", additionalSubsetNames: [mine]",
        "[{setWeight: 50}, {pause: {}}, {setWeight: 90}, {pause: {}}]");
    assertThat(weights()).isEqualTo("[stablestable=30, stablecanary=50, othermine=20]");
    it.promote();
    it.settle();
    assertThat(weights()).isEqualTo("[stablestable=0, stablecanary=90, othermine=20]");
    it.abort();
    it.advance(5);
    assertThat(weights()).isEqualTo("[stablestable=80, stablecanary=0, othermine=20]");
    assertThat(istio.hashOf("mine")).isEmpty();
  }

  @Test
  void theVersionsOfAnExperimentHaveTheirOwnForAsLongAsItRuns() {
    virtualService("");
    update(
        "",
        "[{setWeight: 20}, {experiment: {duration: 1h, templates: [{name: next, specRef: canary, weight: 10}]}}, {pause: {}}]");
    String name = it.status().string("canary", "currentExperiment") + "-next";
    assertThat(weights()).isEqualTo("[stablestable=70, stablecanary=20, %s=10]".formatted(name));
    assertThat(istio.hashOf(name)).isNotEmpty().isNotEqualTo(it.of("web:2").hash());
    it.abort();
    it.advance(5);
    assertThat(istio.hashOf(name)).isNull();
  }
}

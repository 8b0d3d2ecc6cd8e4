package dev.tiphys.cli.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import org.junit.jupiter.api.Test;

class PreviewTextTest {

  private static final Struct REPORT =
      Yaml.struct(
          """
          applied:
          - {resource: deployments.apps, namespace: default, name: web, result: configured, changes: [spec.replicas]}
          refused: []
          span: 900.0s
          settled: 12.0s
          steps:
          - {at: 0.0s, what: pod placed, namespace: default, name: web-1, note: on a}
          workloads:
          - {namespace: default, workload: deployments.apps/web, created: 1, replaced: 3, removed: 0, started: 2, state: underway, message: 3 of 4 ready, anyway: true}
          pending:
          - namespace: default
            name: web-2
            message: 0/1 nodes are available
            smallestChange: {changes: [{text: free 1 of cpu}]}
          disrupted: [{namespace: default, name: old, reason: PreemptionByScheduler, message: preempting}]
          lostData:
          - {kind: claim, namespace: default, name: data-0, volume: pv-1}
          - {kind: volume, name: pv-1, reclaimPolicy: Delete}
          budgets: [{namespace: default, name: web, healthy: 1, desired: 2, from: 0.0s, to: 4.0s}]
          outages: [{namespace: default, name: web, from: 1.0s}]
          warnings: [{kind: Pod, namespace: default, name: web-2, reason: FailedScheduling, message: nowhere}]
          assumptions: [something]
          """);

  @Test
  void everySectionIsTold() {
    assertThat(PreviewText.lines(REPORT, true))
        .containsExactly(
            "deployments.apps/web configured (spec.replicas)",
            "What would follow:",
            "       0.0s  pod placed default/web-1 (on a)",
            "Workloads:",
            "  deployments.apps/web in default: 1 pod created, 3 pods replaced, 2 pods that had to wait started;"
                + " underway: 3 of 4 ready (its pods come and go without the change too)",
            "Pods that would not run:",
            "  default/web-2: 0/1 nodes are available",
            "    would help: free 1 of cpu",
            "Pods that something else would put an end to:",
            "  default/old: preempting",
            "Data that would be gone:",
            "  claim default/data-0 (on volume pv-1)",
            "  volume pv-1 (Delete)",
            "Disruption budgets that would be broken:",
            "  default/web: 1 healthy of 2, from 0.0s to 4.0s",
            "Services that no pod would answer:",
            "  default/web: from 1.0s on",
            "Warnings:",
            "  Pod default/web-2: FailedScheduling: nowhere",
            "The last step would be taken after 12.0s of 900.0s.",
            "Taken for granted:",
            "  something");
    assertThat(PreviewText.isGood(REPORT)).isFalse();
  }

  @Test
  void nothingToTellIsSaid() {
    Struct nothing = Yaml.struct("{span: 900.0s, settled: 0.0s}");
    assertThat(PreviewText.lines(nothing, false))
        .containsExactly("No pod, claim or volume would come or go within 900.0s.");
    assertThat(PreviewText.isGood(nothing)).isTrue();
  }
}

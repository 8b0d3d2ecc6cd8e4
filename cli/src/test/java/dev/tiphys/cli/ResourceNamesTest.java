package dev.tiphys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ServedResource;
import dev.tiphys.schema.GroupVersion;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceNamesTest {

  private static final List<ServedResource> SERVED =
      List.of(
          served("v1", "pods", "Pod"),
          served("v1", "events", "Event"),
          served("apps/v1", "deployments", "Deployment"),
          served("networking.k8s.io/v1", "ingresses", "Ingress"),
          served("argoproj.io/v1alpha1", "rollouts", "Rollout"));

  private static ServedResource served(String version, String plural, String kind) {
    return new ServedResource(
        new ApiResource(GroupVersion.parse(version), plural, kind, true), List.of("get"));
  }

  @ParameterizedTest
  @CsvSource({
    "deployment, deployments.apps",
    "Deploy, deployments.apps",
    "deployments.apps, deployments.apps",
    "po, pods",
    "pods, pods",
    "event, events",
    "ingress, ingresses.networking.k8s.io",
    "ing, ingresses.networking.k8s.io",
    "ro, rollouts.argoproj.io",
    "rollout.argoproj.io, rollouts.argoproj.io",
    "jobs.batch, jobs.batch",
    "boat, boat",
  })
  void aKindMayBeSaidInShort(String said, String resource) {
    assertThat(ResourceNames.of(said, SERVED)).isEqualTo(resource);
  }
}

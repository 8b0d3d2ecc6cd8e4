package dev.tiphys.descriptions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescriptionsTest {

  private final Descriptions descriptions = Descriptions.load();

  @Test
  void typesAndFieldsAreDescribed() {
    assertThat(descriptions.ofType("io.k8s.api.core.v1.Pod")).contains("containers");
    assertThat(descriptions.ofField("io.k8s.api.core.v1.PodSpec", "nodeName")).contains("node");
    assertThat(descriptions.ofField("io.k8s.api.core.v1.PodSpec", "hostPID")).isNotEmpty();
  }

  @Test
  void typesOfOneNameAreToldApartByTheirGroup() {
    assertThat(descriptions.ofField("io.k8s.api.events.v1.Event", "note")).isNotEmpty();
    assertThat(descriptions.ofField("io.k8s.api.core.v1.Event", "note")).isEmpty();
  }

  @Test
  void whatIsNotDescribedIsEmpty() {
    assertThat(descriptions.ofType("io.k8s.api.core.v1.Nothing")).isEmpty();
    assertThat(descriptions.ofField("x", "y")).isEmpty();
  }
}

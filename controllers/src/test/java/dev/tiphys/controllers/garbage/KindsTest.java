package dev.tiphys.controllers.garbage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ServedResource;
import dev.tiphys.client.ServedResources;
import dev.tiphys.schema.GroupVersion;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KindsTest {

  private static final List<String> VERBS = List.of("delete", "list", "watch");

  private static final ApiResource FOOS =
      new ApiResource(new GroupVersion("ext.example.com", "v1"), "foos", "Foo", true);

  private static final ServedResource PODS = new ServedResource(ApiResource.PODS, VERBS);

  private final Kinds before =
      Kinds.of(
          new ServedResources(List.of(PODS, new ServedResource(FOOS, VERBS)), Map.of()),
          new Kinds(List.of()));

  @Test
  void whatAGroupServedIsKeptWhileItCannotBeDiscovered() {
    Kinds now =
        Kinds.of(
            new ServedResources(
                List.of(PODS),
                Map.of("ext.example.com/v1", ServedResources.stale("ext.example.com/v1"))),
            before);

    assertThat(now.all()).containsExactlyInAnyOrder(ApiResource.PODS, FOOS);
  }

  @Test
  void whatIsServedNoMoreIsForgotten() {
    Kinds now = Kinds.of(new ServedResources(List.of(PODS), Map.of()), before);

    assertThat(now.all()).containsExactly(ApiResource.PODS);
  }
}

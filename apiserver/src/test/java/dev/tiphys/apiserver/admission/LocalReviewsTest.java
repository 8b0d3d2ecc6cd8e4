package dev.tiphys.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Parts of the process that refuse objects.
class LocalReviewsTest {

  @Test
  void whatIsChangedIsRefusedInTheWordsOfAWebhook() throws Exception {
    World world = new RealWorld();
    try (ApiServer server =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount"))) {
      Api api = server.api("tester");
      server.reviewToo(
          "validate.example.com",
          "",
          "namespaces",
          object -> object.string("metadata", "labels", "state").equals("bad") ? "it is bad" : "",
          _ -> List.of());
      Struct good = api.create(ApiResource.NAMESPACES, Yaml.struct("{metadata: {name: a}}"));
      Struct bad = good.withAt(Struct.of("state", "bad"), "metadata", "labels");
      assertThatThrownBy(() -> api.update(ApiResource.NAMESPACES, bad))
          .isInstanceOfSatisfying(
              ApiException.class,
              e -> {
                assertThat(e.message())
                    .isEqualTo(
                        "admission webhook \"validate.example.com\" denied the request: it is bad");
                assertThat(e.code()).isEqualTo(400);
              });
    }
  }
}

package dev.tiphys.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.bootstrap.DefaultObjects;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The objects that every cluster has come back when they are deleted.
class DefaultObjectsTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world),
          world,
          ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  private final Api api = server.api("tester");
  private final DefaultObjects defaults =
      server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1"));

  @ParameterizedTest
  @CsvSource({
    "services, default",
    "endpoints, default",
  })
  void whatIsInFrontOfTheServerComesBackInTwelveSeconds(String plural, String namespace) {
    ApiResource resource = plural.equals("services") ? ApiResource.SERVICES : ApiResource.ENDPOINTS;
    defaults.keep();
    world.settle();
    String uid = uid(resource, namespace);
    api.delete(resource, namespace, "kubernetes", DeleteOptions.DEFAULT);
    assertThat(api.find(resource, namespace, "kubernetes")).isNull();

    world.advance(Duration.ofSeconds(12));

    assertThat(uid(resource, namespace)).isNotEqualTo(uid);
  }

  private String uid(ApiResource resource, String namespace) {
    return api.get(resource, namespace, "kubernetes").string("metadata", "uid");
  }

  @Test
  void theServiceKeepsTheFirstAddressOfTheRange() {
    defaults.ensure();
    api.delete(ApiResource.SERVICES, "default", "kubernetes", DeleteOptions.DEFAULT);
    defaults.ensure();

    Struct service = api.get(ApiResource.SERVICES, "default", "kubernetes");
    assertThat(service.string("spec", "clusterIP")).isEqualTo("10.96.0.1");
  }
}

package dev.tiphys.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The Lease by which a proxy is known to others, on virtual time.
class SwitchesTest {
  private static final Duration MOMENT = Duration.ofMillis(100);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final VirtualWorld world = new VirtualWorld(1);
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world),
          world,
          ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  private final Api api = server.api("tester");
  private final Switches switches = new Switches(world, api, "a");

  @BeforeEach
  void start() {
    create(ApiResource.NAMESPACES, "metadata: {name: tiphys-network}");
    switches.healthAt(10256);
    switches.start();
    world.advance(MOMENT);
  }

  @AfterEach
  void stop() {
    switches.close();
    server.close();
  }

  private void create(ApiResource resource, String yaml) {
    api.create(
        resource,
        Yaml.struct(yaml).with("apiVersion", resource.apiVersion()).with("kind", resource.kind()));
  }

  private @Nullable Struct lease() {
    return api.find(ApiResource.LEASES, "tiphys-network", "tiphys-proxy-a");
  }

  @Test
  void aProxyThatServesNothingYetIsKnown() {
    assertThat(lease()).isNull();
    switches.publish(0);
    world.advance(MOMENT);

    assertThat(Meta.of(lease()).annotations().toString())
        .contains("tiphys.dev/health-port", "10256", "tiphys.dev/served-endpoint-slices");
  }

  @Test
  void theLeaseBelongsToTheNodeAsSoonAsThereIsOne() {
    switches.publish(7);
    world.advance(MOMENT);
    assertThat(Meta.of(lease()).owners()).isEmpty();

    create(ApiResource.NODES, "metadata: {name: a}");
    world.advance(MINUTE);

    assertThat(Meta.of(lease()).owners())
        .singleElement()
        .extracting(owner -> owner.string("name"))
        .isEqualTo("a");
  }

  @Test
  void aLeaseThatWentWithItsNodeComesBack() {
    create(ApiResource.NODES, "metadata: {name: a}");
    switches.publish(7);
    world.advance(MOMENT);

    api.delete(ApiResource.LEASES, "tiphys-network", "tiphys-proxy-a", DeleteOptions.DEFAULT);
    world.advance(MOMENT);

    assertThat(lease()).isNotNull();
  }
}

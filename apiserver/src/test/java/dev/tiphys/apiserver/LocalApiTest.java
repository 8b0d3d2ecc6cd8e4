package dev.tiphys.apiserver;

import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;

class LocalApiTest extends ApiContract {

  private final VirtualWorld world = new VirtualWorld(1);

  @Override
  Api open() {
    ApiServer server =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
    server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
    return server.api("tester");
  }

  @Override
  void settle() {
    world.settle();
  }
}

package dev.tiphys.apiserver.admission;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;

/// A server on virtual time, for tests of plugins. Single quotes stand for double ones in JSON.
public final class PluginServer implements AutoCloseable {

  public final VirtualWorld world = new VirtualWorld(1);
  private final ApiServer server;
  public final Api api;

  public PluginServer(AdmissionSettings settings) {
    server =
        new ApiServer(
            EmbeddedStore.inMemory(world), world, ApiServerSettings.standard().with(settings));
    api = server.api("test");
    create(ApiResource.NAMESPACES, "{'metadata':{'name':'a'}}");
  }

  public static ApiResource resource(String apiVersion, String plural, String kind) {
    return resource(apiVersion, plural, kind, true);
  }

  public static ApiResource resource(
      String apiVersion, String plural, String kind, boolean namespaced) {
    return new ApiResource(GroupVersion.parse(apiVersion), plural, kind, namespaced);
  }

  /// The API for a user with these groups.
  public Api as(String user, String... groups) {
    return server.api(UserInfo.of(user, groups), user, user);
  }

  public static Struct json(String single) {
    return Json.struct(single.replace('\'', '"'));
  }

  public Struct create(ApiResource resource, String single) {
    return api.create(resource, json(single));
  }

  @Override
  public void close() {
    server.close();
  }
}

package dev.tiphys.network;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.allocation.ServiceRanges;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.assertj.core.api.Assertions;

/// An API server in this process, whose objects a test makes.
public final class LiveApi implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final World world;
  private final ApiServer server;
  private final Api api;

  /// Something that becomes true in time.
  public interface Condition {
    boolean holds() throws Exception;
  }

  public LiveApi() {
    this(new RealWorld());
  }

  /// On another clock, which the test moves.
  public LiveApi(World world) {
    this(world, ServiceRanges.DEFAULT);
  }

  /// With these ranges for Services.
  public LiveApi(World world, ServiceRanges services) {
    this.world = world;
    this.server =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withServices(services).withoutPlugins("ServiceAccount"));
    server.defaults(new ApiServerAddress("192.0.2.200", 6443, "10.96.0.1")).ensure();
    api = server.api("tester");
  }

  public World world() {
    return world;
  }

  public Api api() {
    return api;
  }

  /// Makes kinds known, and waits until they are served.
  public void define(List<Struct> definitions, List<ApiResource> resources) throws Exception {
    definitions.forEach(each -> api.create(ApiResource.CUSTOM_RESOURCE_DEFINITIONS, each));
    awaitServed(resources);
  }

  private boolean isServed(ApiResource resource) {
    try {
      api.list(resource, "", ListOptions.ALL);
      return true;
    } catch (ApiException e) {
      return false;
    }
  }

  /// Has objects refused, as `tiphys up` lets a part do.
  public void review(String webhook, ApiResource resource, Function<Struct, String> refusal) {
    server.reviewToo(
        webhook, resource.groupVersion().group(), resource.plural(), refusal, _ -> List.of());
  }

  /// As a program sees it that writes under its own name.
  public Api as(String program) {
    return server.api("tester", program);
  }

  /// As a part of a cluster sees it, with that part's rights.
  public Api withRightsOf(String user, String program) {
    return server.api(UserInfo.of(user, UserInfo.AUTHENTICATED), program, program);
  }

  /// As a part of a cluster sees it that has the rights of a group.
  public Api withRightsOfGroup(String user, String group, String program) {
    return server.api(UserInfo.of(user, group, UserInfo.AUTHENTICATED), program, program);
  }

  /// Waits until kinds are served that something else makes known.
  public void awaitServed(List<ApiResource> resources) throws Exception {
    eventually(() -> resources.stream().allMatch(this::isServed));
  }

  /// Creates an object of namespace `default`, given as YAML; or puts it in the place of the one of
  /// that name, its status too.
  public Struct apply(ApiResource resource, String yaml) {
    Struct object =
        Yaml.struct(yaml).with("apiVersion", resource.apiVersion()).with("kind", resource.kind());
    if (resource.namespaced() && object.string("metadata", "namespace").isEmpty()) {
      object = object.withAt("default", "metadata", "namespace");
    }
    Struct written = write(resource, object, "");
    return object.has("status") ? write(resource, object, "status") : written;
  }

  /// Parts that run meanwhile may make or change the object between two calls.
  ///
  /// @param subresource empty for the object itself, which is made if it is not there
  private Struct write(ApiResource resource, Struct object, String subresource) {
    while (true) {
      Struct present =
          api.find(
              resource, object.string("metadata", "namespace"), object.string("metadata", "name"));
      try {
        if (present == null) {
          return api.create(resource, object);
        }
        return subresource.isEmpty()
            ? api.update(resource, object.withAt(revision(present), "metadata", "resourceVersion"))
            : api.update(
                resource, present.with(subresource, object.struct(subresource)), subresource);
      } catch (ApiException e) {
        if (!e.is(Reason.ALREADY_EXISTS, Reason.CONFLICT)) {
          throw e;
        }
      }
    }
  }

  private static String revision(Struct object) {
    return object.string("metadata", "resourceVersion");
  }

  public void delete(ApiResource resource, String name) {
    api.delete(resource, "default", name, DeleteOptions.DEFAULT);
  }

  /// Waits until something is so.
  public void eventually(Condition condition) throws Exception {
    long end = world.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      if (world.nanoTime() > end) {
        Assertions.fail("not so after " + PATIENCE.toSeconds() + " s");
      }
      world.sleep(Duration.ofMillis(5));
    }
  }

  @Override
  public void close() {
    server.close();
  }
}

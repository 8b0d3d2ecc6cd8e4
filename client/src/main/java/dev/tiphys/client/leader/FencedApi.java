package dev.tiphys.client.leader;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.ObjectList;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.ServedResources;
import dev.tiphys.client.WatchOptions;
import dev.tiphys.client.WatchStream;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.GroupVersion;
import java.util.Map;
import java.util.function.Supplier;

/// An API through which nothing is written once a [Term] is over. Reads go on.
record FencedApi(Api api, Term term) implements Api {

  private <T> T write(Supplier<T> request) {
    term.enter();
    try {
      return request.get();
    } finally {
      term.leave();
    }
  }

  @Override
  public Struct get(
      ApiResource resource,
      String namespace,
      String name,
      String subresource,
      Map<String, String> query) {
    return api.get(resource, namespace, name, subresource, query);
  }

  @Override
  public Api ofMetadata() {
    return new FencedApi(api.ofMetadata(), term);
  }

  @Override
  public Api managing(String manager) {
    return new FencedApi(api.managing(manager), term);
  }

  @Override
  public ObjectList list(ApiResource resource, String namespace, ListOptions options) {
    return api.list(resource, namespace, options);
  }

  @Override
  public WatchStream watch(ApiResource resource, String namespace, WatchOptions options) {
    return api.watch(resource, namespace, options);
  }

  @Override
  public Struct create(ApiResource resource, Struct object) {
    return write(() -> api.create(resource, object));
  }

  @Override
  public Struct update(ApiResource resource, Struct object, String subresource) {
    return write(() -> api.update(resource, object, subresource));
  }

  @Override
  public Struct patch(
      ApiResource resource,
      String namespace,
      String name,
      String subresource,
      PatchType type,
      Object patch) {
    return write(() -> api.patch(resource, namespace, name, subresource, type, patch));
  }

  @Override
  public Struct createSubresource(
      ApiResource resource, String namespace, String name, String subresource, Struct object) {
    return write(() -> api.createSubresource(resource, namespace, name, subresource, object));
  }

  @Override
  public Struct delete(ApiResource resource, String namespace, String name, DeleteOptions options) {
    return write(() -> api.delete(resource, namespace, name, options));
  }

  @Override
  public void deleteCollection(
      ApiResource resource, String namespace, ListOptions which, DeleteOptions options) {
    boolean _ =
        write(
            () -> {
              api.deleteCollection(resource, namespace, which, options);
              return true;
            });
  }

  @Override
  public ServedResources discover() {
    return api.discover();
  }

  @Override
  public Struct describe(GroupVersion version) {
    return api.describe(version);
  }
}

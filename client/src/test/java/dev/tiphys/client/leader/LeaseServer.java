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
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A server with the two rules that an election rests on: what exists is not created, and what was
/// changed meanwhile is not replaced.
final class LeaseServer implements Api {

  private final Map<String, Struct> objects = new HashMap<>();
  private long revision;
  private boolean refuses;

  /// What events told, as `reason: message`.
  final List<String> events = new ArrayList<>();

  /// Is told of each write of what is no Lease and no event.
  Consumer<Struct> onWork = _ -> {};

  Struct lease(String name) {
    return get(ApiResource.LEASES, "kube-system", name);
  }

  void refuse(boolean now) {
    refuses = now;
  }

  /// Deletes a Lease, as a user may.
  void forget(String name) {
    objects.remove(ApiResource.LEASES + "/" + name);
  }

  @Override
  public Struct get(
      ApiResource resource,
      String namespace,
      String name,
      String subresource,
      Map<String, String> query) {
    Struct found = objects.get(resource + "/" + name);
    if (found == null) {
      throw ApiException.of(Reason.NOT_FOUND, name);
    }
    return found;
  }

  @Override
  public Struct create(ApiResource resource, Struct object) {
    if (resource.equals(ApiResource.EVENTS)) {
      events.add(object.string("reason") + ": " + object.string("message"));
      return object;
    }
    if (!resource.equals(ApiResource.LEASES)) {
      onWork.accept(object);
      return object;
    }
    if (objects.containsKey(resource + "/" + Meta.of(object).name())) {
      throw ApiException.of(Reason.ALREADY_EXISTS, Meta.of(object).name());
    }
    return put(resource, object);
  }

  @Override
  public Struct update(ApiResource resource, Struct object, String subresource) {
    Struct before = get(resource, "", Meta.of(object).name());
    String expected = Meta.of(object).resourceVersion();
    if (!expected.isEmpty() && !Meta.of(before).resourceVersion().equals(expected)) {
      throw ApiException.of(Reason.CONFLICT, Meta.of(object).name());
    }
    return put(resource, object);
  }

  private Struct put(ApiResource resource, Struct object) {
    Struct stored = object.withAt(Long.toString(++revision), "metadata", "resourceVersion");
    objects.put(resource + "/" + Meta.of(object).name(), stored);
    return stored;
  }

  @Override
  public ObjectList list(ApiResource resource, String namespace, ListOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public WatchStream watch(ApiResource resource, String namespace, WatchOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Struct patch(
      ApiResource resource,
      String namespace,
      String name,
      String subresource,
      PatchType type,
      Object patch) {
    return Struct.EMPTY; // only events are patched
  }

  @Override
  public Struct createSubresource(
      ApiResource resource, String namespace, String name, String subresource, Struct object) {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable Struct find(ApiResource resource, String namespace, String name) {
    if (refuses) {
      throw ApiException.of(Reason.FORBIDDEN, "not yet");
    }
    return objects.get(resource + "/" + name);
  }

  @Override
  public Struct delete(ApiResource resource, String namespace, String name, DeleteOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void deleteCollection(
      ApiResource resource, String namespace, ListOptions which, DeleteOptions options) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ServedResources discover() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Struct describe(GroupVersion version) {
    throw new UnsupportedOperationException();
  }
}

package dev.tiphys.secrets.provider;

import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.world.World;

/// What a store is opened with.
///
/// @param namespace of the object that it is opened for; empty if it is opened to be validated
/// @param references what its settings refer to
/// @param transport reaches servers
/// @param counter is told of each request
public record StoreContext(
    World world,
    Store store,
    String namespace,
    References references,
    HttpTransport transport,
    CallCounter counter) {

  /// With requests that are not counted.
  public StoreContext(
      World world, Store store, String namespace, References references, HttpTransport transport) {
    this(world, store, namespace, references, transport, CallCounter.NONE);
  }

  /// What the store says of where and how.
  public Struct settings() {
    return store.settings();
  }
}

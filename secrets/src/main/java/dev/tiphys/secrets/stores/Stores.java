package dev.tiphys.secrets.stores;

import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.model.StoreKey;
import dev.tiphys.secrets.provider.StoreException;
import org.jspecify.annotations.Nullable;

/// The stores of the cluster, and which objects may use them.
///
/// @param namespaced all SecretStores
/// @param cluster all ClusterSecretStores
/// @param namespaces all namespaces
public record Stores(Informer namespaced, Informer cluster, Informer namespaces) {

  /// Null if it is not there.
  public @Nullable Store find(StoreKey key) {
    Struct found = (key.cluster() ? cluster : namespaced).find(key.namespace(), key.name());
    return found == null ? null : new Store(found);
  }

  /// A store that objects of a namespace may use now.
  ///
  /// @throws StoreException if there is none, or it is not to be used there, or it does not work
  public Store usable(StoreKey key, String namespace) {
    Store store = find(key);
    if (store == null) {
      throw new StoreException(
          "could not get %s \"%s\", %s \"%s\" not found"
              .formatted(
                  key.kind(),
                  key.name(),
                  key.kind() + "." + key.resource().groupVersion().group(),
                  key.name()));
    }
    if (!isFor(store, namespace)) {
      throw new StoreException(
          "using cluster store \"%s\" is not allowed from namespace \"%s\": denied by spec.condition"
              .formatted(key.name(), namespace));
    }
    if (!store.isReady()) {
      throw new StoreException("%s \"%s\" is not ready".formatted(key.kind(), key.name()));
    }
    return store;
  }

  private boolean isFor(Store store, String namespace) {
    Struct found = namespaces.find("", namespace);
    return found != null ? store.allows(found) : store.allows(named(namespace));
  }

  private static Struct named(String namespace) {
    return Struct.of("metadata", Struct.of("name", namespace));
  }
}

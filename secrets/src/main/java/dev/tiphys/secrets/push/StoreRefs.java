package dev.tiphys.secrets.push;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.secrets.model.PushSecret;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.model.StoreKey;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.stores.Stores;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The stores that a PushSecret names: `secretStoreRefs`, and those of `dataTo` among them.
record StoreRefs(PushSecret secret, Stores all) {

  /// @throws StoreException if an entry of `dataTo` is for a store that is not named
  void check() {
    List<Struct> sources = secret.dataTo();
    for (int i = 0; i < sources.size(); i++) {
      Struct reference = sources.get(i).struct("storeRef");
      String name = reference.string("name");
      if (reference.isEmpty()) {
        throw new StoreException("dataTo[" + i + "]: storeRef is required");
      }
      if (name.isEmpty() && !reference.has("labelSelector")) {
        throw new StoreException("dataTo[" + i + "]: storeRef must have name or labelSelector");
      }
      if (!name.isEmpty()
          && references().stream().noneMatch(each -> key(each).equals(key(reference)))) {
        throw new StoreException(
            "dataTo[%d]: storeRef \"%s\" not found in secretStoreRefs".formatted(i, name));
      }
    }
  }

  /// @throws StoreException if an entry of `dataTo` selects none of the stores
  void checkSelectors(List<Store> stores) {
    List<Struct> sources = secret.dataTo();
    for (int i = 0; i < sources.size(); i++) {
      Struct source = sources.get(i);
      if (stores.stream().noneMatch(store -> Entries.isFor(source, store))
          && source.string("storeRef", "name").isEmpty()) {
        throw new StoreException(
            "dataTo[%d]: labelSelector does not match any store in secretStoreRefs".formatted(i));
      }
    }
  }

  /// Those that are for this class of controllers and not about to go, by kind and name.
  ///
  /// @throws StoreException if one is not there
  List<Store> stores() {
    Map<StoreKey, Store> found =
        new TreeMap<>(Comparator.comparing(StoreKey::cluster).thenComparing(StoreKey::name));
    for (Struct reference : references()) {
      if (reference.has("labelSelector")) {
        selected(reference).forEach(store -> found.put(store.key(), store));
      } else {
        Store store = named(key(reference));
        found.put(store.key(), store);
      }
    }
    return found.values().stream()
        .filter(store -> store.isOurs() && !Meta.of(store.object()).isBeingDeleted())
        .toList();
  }

  private List<Struct> references() {
    return secret.spec().structs("secretStoreRefs");
  }

  private StoreKey key(Struct reference) {
    return StoreKey.of(reference.string("kind"), reference.string("name"), secret.namespace());
  }

  private Store named(StoreKey key) {
    if (key.name().isEmpty()) {
      throw new StoreException("refStore Name must be provided");
    }
    Store store = all.find(key);
    if (store == null) {
      throw new StoreException(
          "could not get %s \"%s\", %s.%s \"%s\" not found"
              .formatted(
                  key.kind(),
                  key.name(),
                  key.resource().plural(),
                  key.resource().groupVersion().group(),
                  key.name()));
    }
    return store;
  }

  private List<Store> selected(Struct reference) {
    LabelSelector labels;
    try {
      labels = LabelSelector.from(reference.struct("labelSelector"));
    } catch (IllegalArgumentException e) {
      throw new StoreException("could not convert labels: " + e.getMessage());
    }
    boolean cluster = key(reference).cluster();
    List<Struct> candidates =
        cluster ? all.cluster().list() : all.namespaced().list(secret.namespace());
    return candidates.stream()
        .filter(each -> labels.matches(Meta.of(each).labels()))
        .map(Store::new)
        .toList();
  }
}

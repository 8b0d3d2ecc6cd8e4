package dev.tiphys.secrets.push;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.model.PushSecret;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.model.StoreKey;
import dev.tiphys.secrets.provider.Pushed;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.stores.OpenStores;
import java.util.List;
import java.util.Map;

/// What a look pushes and deletes, and what is in the stores as far as that is known.
final class Pushes {

  private final PushSecret secret;
  private final PushTools tools;

  /// What this look has pushed.
  private Struct pushed = Struct.EMPTY;

  /// The same, and what was pushed before and is not deleted.
  private Struct known;

  Pushes(PushSecret secret, PushTools tools) {
    this.secret = secret;
    this.tools = tools;
    this.known = secret.synced();
  }

  Struct pushed() {
    return pushed;
  }

  Struct known() {
    return known;
  }

  /// What was pushed before, and what would be now.
  ///
  /// @param all the values of each Secret
  Struct planned(List<Store> stores, List<Map<String, byte[]>> all) {
    Struct planned = secret.synced();
    for (Store store : stores) {
      String name = store.key().kind() + "/" + store.name();
      for (Map<String, byte[]> values : all) {
        for (Entry entry : new Entries(secret, tools.rewrites()).of(values, store)) {
          if (!planned.struct(name).has(entry.placeName())) {
            planned = planned.withAt(entry.data(), name, entry.placeName());
          }
        }
      }
    }
    return planned;
  }

  /// Pushes the values of a Secret to all stores.
  ///
  /// @throws StoreException at the first that fails
  void push(List<Store> stores, Map<String, byte[]> values) throws InterruptedException {
    for (Store store : stores) {
      String name = store.key().kind() + "/" + store.name();
      pushed = pushed.withAt(pushed.struct(name), name);
      try (OpenStores.Use use = open(store.key(), store.name())) {
        for (Entry entry : new Entries(secret, tools.rewrites()).of(values, store)) {
          push(use, store, entry);
          pushed = pushed.withAt(entry.data(), name, entry.placeName());
          known = known.withAt(entry.data(), name, entry.placeName());
        }
      }
    }
  }

  private OpenStores.Use open(StoreKey key, String told) throws InterruptedException {
    try {
      return tools.open().open(tools.stores().usable(key, secret.namespace()), secret.namespace());
    } catch (StoreException e) {
      throw new StoreException(
          "could not get secrets client for store " + told + ": " + e.message());
    }
  }

  private void push(OpenStores.Use use, Store store, Entry entry) throws InterruptedException {
    if (!entry.key().isEmpty() && !entry.values().containsKey(entry.key())) {
      throw new StoreException("secret key " + entry.key() + " does not exist");
    }
    if (secret.keepsExisting() && exists(use, entry)) {
      return;
    }
    try {
      use.store()
          .push(
              new Pushed(
                  entry.place(), entry.values(), entry.key(), entry.data().struct("metadata")));
    } catch (StoreException e) {
      throw new StoreException(
          "could not write remote ref %s to target secretstore %s: %s"
              .formatted(entry.key(), store.name(), e.message()));
    }
  }

  private static boolean exists(OpenStores.Use use, Entry entry) throws InterruptedException {
    try {
      return use.store().has(entry.place());
    } catch (StoreException e) {
      throw new StoreException("could not verify if secret exists in store: " + e.message());
    }
  }

  /// Deletes what was pushed before and is not wanted any more.
  ///
  /// @param wanted by stores and places
  /// @throws StoreException at the first that fails
  void deleteAllBut(Struct wanted) throws InterruptedException {
    for (String name : secret.synced().names()) {
      List<String> places =
          secret.synced().struct(name).names().stream()
              .filter(place -> !wanted.struct(name).has(place))
              .toList();
      if (!places.isEmpty()) {
        delete(name, places);
      }
      if (!wanted.has(name)) {
        known = known.without(name);
      }
    }
  }

  private void delete(String name, List<String> places) throws InterruptedException {
    String[] parts = name.split("/", 2);
    StoreKey key = StoreKey.of(parts[0], parts[1], secret.namespace());
    try (OpenStores.Use use = open(key, name)) {
      for (String place : places) {
        use.store().delete(Entry.place(secret.synced().struct(name).struct(place)));
        known = known.withoutAt(name, place);
      }
    }
  }
}

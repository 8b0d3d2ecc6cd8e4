package dev.tiphys.secrets.stores;

import dev.tiphys.client.Api;
import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.secrets.model.Finalizer;
import dev.tiphys.secrets.model.PushSecret;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.model.StoreKey;
import java.util.List;
import java.util.function.Consumer;

/// Keeps stores of one kind for as long as PushSecrets may have to take back what they pushed
/// there: those whose `deletionPolicy` is Delete, and that name the store or have pushed to it.
///
/// Threads: any.
final class StoreHold {

  private final Api api;
  private final Informer stores;
  private final Informer pushing;
  private final Finalizer finalizer;

  /// @param stores of one of the two kinds; not started yet
  /// @param pushing all PushSecrets; not started yet
  /// @param changed is told of each store that is no longer kept or not kept as it should be
  StoreHold(Api api, Informer stores, Informer pushing, Consumer<Struct> changed) {
    this.api = api;
    this.stores = stores;
    this.pushing = pushing;
    this.finalizer = new Finalizer(stores.resource(), "secretstore.externalsecrets.io/finalizer");
    pushing.listen(
        new Informer.Listener() {
          @Override
          public void added(Struct object) {
            look(object, changed);
          }

          @Override
          public void updated(Struct before, Struct now) {
            if (!before.struct("spec").equals(now.struct("spec"))
                || !before.struct("status").equals(now.struct("status"))) {
              look(before, changed);
              look(now, changed);
            }
          }

          @Override
          public void deleted(Struct last) {
            look(last, changed);
          }
        });
  }

  private void look(Struct object, Consumer<Struct> changed) {
    PushSecret secret = new PushSecret(object);
    boolean cluster = isOfCluster();
    for (Struct each : cluster ? stores.list() : stores.list(secret.namespace())) {
      if (uses(secret, new Store(each)) && isWrong(each)) {
        changed.accept(each);
      }
    }
  }

  private boolean isOfCluster() {
    return stores.resource().equals(new StoreKey(true, "", "").resource());
  }

  private boolean isWrong(Struct store) {
    return finalizer.isOn(store) != isNeeded(new Store(store));
  }

  /// Has a store be kept, or let go, as it should be.
  void bring(Store store) {
    boolean needed = isNeeded(store);
    if (needed == finalizer.isOn(store.object())) {
      return;
    }
    if (!needed) {
      finalizer.remove(api, store.object());
    } else if (!Meta.of(store.object()).isBeingDeleted()) {
      Struct _ = finalizer.add(api, store.object());
    }
  }

  private boolean isNeeded(Store store) {
    List<Struct> all = store.isCluster() ? pushing.list() : pushing.list(store.key().namespace());
    return all.stream()
        .map(PushSecret::new)
        .anyMatch(secret -> secret.deletes() && uses(secret, store));
  }

  private static boolean uses(PushSecret secret, Store store) {
    return secret.synced().has(store.key().kind() + "/" + store.name())
        || secret.spec().structs("secretStoreRefs").stream().anyMatch(each -> means(each, store));
  }

  private static boolean means(Struct reference, Store store) {
    String kind = reference.string("kind");
    if (!kind.isEmpty() && !kind.equals(store.key().kind())) {
      return false;
    }
    return reference.string("name").equals(store.name())
        || reference.has("labelSelector") && selects(reference.struct("labelSelector"), store);
  }

  private static boolean selects(Struct selector, Store store) {
    try {
      return LabelSelector.from(selector).matches(Meta.of(store.object()).labels());
    } catch (IllegalArgumentException e) {
      return false; // the PushSecret says so
    }
  }
}

package dev.tiphys.secrets.provider;

import dev.tiphys.secrets.model.Store;
import java.util.Optional;

/// A kind of stores.
///
/// Threads: any.
public interface Provider {

  /// What it is called in `spec.provider`: `vault`.
  String name();

  /// What can be done with such a store.
  ///
  /// @param store one of this kind
  Capabilities capabilities(Store store);

  /// Opens a store: looks up its credentials, and need not reach it yet.
  ///
  /// @throws StoreException if that cannot be
  OpenStore open(StoreContext context) throws InterruptedException;

  /// What is wrong with a store's settings, as far as they tell; empty if nothing is.
  default Optional<String> problem(Store store) {
    return Optional.empty();
  }
}

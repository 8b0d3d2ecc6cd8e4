import org.jspecify.annotations.NullMarked;

/// The revisioned key-value store under the API server: the contract and its engines.
@NullMarked
module dev.tiphys.store {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.world;

  exports dev.tiphys.store;
  exports dev.tiphys.store.embedded;
}

import org.jspecify.annotations.NullMarked;

/// The API server.
@NullMarked
module dev.tiphys.apiserver {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.client;
  requires transitive dev.tiphys.store;

  exports dev.tiphys.apiserver;
}

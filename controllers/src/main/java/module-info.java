import org.jspecify.annotations.NullMarked;

/// What keeps the cluster as it is wanted: one package a controller.
@NullMarked
module dev.tiphys.controllers {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.client;
  requires transitive dev.tiphys.pki;

  exports dev.tiphys.controllers;
}

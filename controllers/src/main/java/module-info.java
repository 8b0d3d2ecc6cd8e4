import org.jspecify.annotations.NullMarked;

/// What keeps the cluster as it is wanted: one package a controller.
@NullMarked
module dev.tiphys.controllers {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.client;

  exports dev.tiphys.controllers;
}

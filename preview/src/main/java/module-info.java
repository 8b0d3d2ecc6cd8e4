import org.jspecify.annotations.NullMarked;

/// What would happen to a cluster if something were applied.
@NullMarked
module dev.tiphys.preview {
  requires static transitive org.jspecify;
  requires dev.tiphys.apiserver;
  requires transitive dev.tiphys.client;
  requires dev.tiphys.controllers;
  requires dev.tiphys.node;
  requires dev.tiphys.scheduler;
  requires dev.tiphys.store;
  requires transitive dev.tiphys.world;

  exports dev.tiphys.preview;
}

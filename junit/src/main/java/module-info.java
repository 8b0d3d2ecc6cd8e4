import org.jspecify.annotations.NullMarked;

/// A cluster inside a test.
@NullMarked
module dev.tiphys.junit {
  requires static transitive org.jspecify;
  requires dev.tiphys.apiserver;
  requires transitive dev.tiphys.client;
  requires dev.tiphys.controllers;
  requires dev.tiphys.node;
  requires dev.tiphys.scheduler;
  requires dev.tiphys.store;
  requires transitive dev.tiphys.world;

  exports dev.tiphys.junit;
}

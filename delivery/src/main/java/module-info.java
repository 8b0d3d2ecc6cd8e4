import org.jspecify.annotations.NullMarked;

/// Rollouts: new versions of a workload come step by step, and go back when they are no good.
@NullMarked
module dev.tiphys.delivery {
  requires static transitive org.jspecify;
  requires transitive dev.tiphys.client;
  requires dev.tiphys.cel;
  requires java.net.http;

  exports dev.tiphys.delivery;
  exports dev.tiphys.delivery.model;
  exports dev.tiphys.delivery.replicasets;
  exports dev.tiphys.delivery.validation;
}

package dev.tiphys.controllers.replicaset;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;

/// The two kinds that keep a number of equal Pods, and in what they differ.
public enum ReplicaKind {
  REPLICA_SET(ApiResource.REPLICA_SETS, "replicaset-controller"),
  REPLICATION_CONTROLLER(ApiResource.REPLICATION_CONTROLLERS, "replication-controller");

  private final ApiResource resource;
  private final String component;

  ReplicaKind(ApiResource resource, String component) {
    this.resource = resource;
    this.component = component;
  }

  public ApiResource resource() {
    return resource;
  }

  /// The name of its controller.
  public String component() {
    return component;
  }

  LabelSelector selectorOf(Struct object) {
    Struct selector = object.struct("spec", "selector");
    return this == REPLICA_SET ? LabelSelector.from(selector) : LabelSelector.ofLabels(selector);
  }

  /// Whether its status counts Pods that are on their way out.
  boolean countsTerminating() {
    return this == REPLICA_SET;
  }
}

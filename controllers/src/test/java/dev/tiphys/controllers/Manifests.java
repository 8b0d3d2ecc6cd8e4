package dev.tiphys.controllers;

/// Objects that tests begin with.
final class Manifests {

  private Manifests() {}

  /// A Deployment named `web`.
  ///
  /// @param more further lines of its spec, each indented by two
  static String deployment(int replicas, String more) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: default}
    spec:
      replicas: %d
    %s
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers: [{name: app, image: "web:1"}]
    """
        .formatted(replicas, more.indent(0).stripTrailing());
  }

  static String replicaSet(String name, int replicas) {
    return """
    apiVersion: apps/v1
    kind: ReplicaSet
    metadata: {name: %s, namespace: default}
    spec:
      replicas: %d
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers: [{name: app, image: "web:1"}]
    """
        .formatted(name, replicas);
  }

  static String pod(String name) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: default, labels: {app: web}}
    spec:
      containers: [{name: app, image: "web:1"}]
    """
        .formatted(name);
  }
}

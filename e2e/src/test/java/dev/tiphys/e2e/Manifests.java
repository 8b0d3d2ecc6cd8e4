package dev.tiphys.e2e;

/// What the tests apply.
final class Manifests {

  private Manifests() {}

  /// A Deployment of nginx, of the image that this repository builds.
  static String web(String name, int replicas) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: NAME, namespace: default, labels: {app: NAME}}
    spec:
      replicas: REPLICAS
      selector: {matchLabels: {app: NAME}}
      template:
        metadata: {labels: {app: NAME}}
        spec:
          containers:
          - name: nginx
            image: nginx:1.24
            ports: [{containerPort: 80}]
    """
        .replace("NAME", name)
        .replace("REPLICAS", Integer.toString(replicas));
  }
}

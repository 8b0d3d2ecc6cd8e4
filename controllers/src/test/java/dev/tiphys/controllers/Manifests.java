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

  /// A Deployment named `web` whose template says many things in unusual ways.
  static String richDeployment() {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: default, annotations: {note: "x"}}
    spec:
      replicas: 2
      selector:
        matchLabels: {app: web}
        matchExpressions: [{key: tier, operator: In, values: [b, a]}]
      template:
        metadata:
          creationTimestamp: null
          labels: {tier: a, app: web}
          annotations: {}
        spec:
          securityContext: {}
          affinity:
            podAntiAffinity:
              preferredDuringSchedulingIgnoredDuringExecution:
              - weight: 1
                podAffinityTerm:
                  topologyKey: kubernetes.io/hostname
                  labelSelector: {matchLabels: {app: web}}
          tolerations: [{operator: Exists}]
          nodeSelector: {}
          terminationGracePeriodSeconds: 0
          initContainers:
          - {name: init, image: "init", command: [], args: ["a", ""]}
          containers:
          - name: app
            image: registry.example.com/web@sha256:%s
            command: ["sh", "-c", "sleep 1"]
            env:
            - {name: EMPTY, value: ""}
            - {name: NONE}
            - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
            resources: {limits: {cpu: 1, memory: 1000Mi}, requests: {cpu: "0.5", memory: "1e6"}}
            ports: [{containerPort: 80}, {containerPort: 443, protocol: TCP, name: tls}]
            readinessProbe: {httpGet: {path: /, port: tls}, initialDelaySeconds: 0}
            livenessProbe: {tcpSocket: {port: 80}, periodSeconds: 5}
            securityContext: {capabilities: {drop: [ALL]}, runAsUser: 0, privileged: false}
            volumeMounts: [{name: tmp, mountPath: /tmp}, {name: conf, mountPath: /c, readOnly: false}]
          volumes:
          - {name: tmp, emptyDir: {}}
          - {name: conf, configMap: {name: c, items: [{key: k, path: p}]}}
          - {name: host, hostPath: {path: /x, type: ""}}
    """
        .formatted("0123456789abcdef".repeat(4));
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

package dev.tiphys.cli;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/// Keeps a cluster busy for a while with what clusters do most: Deployments are made, get new
/// images and go; Pods fill the nodes, and give way to others that are more important. The JVM
/// learns from it how the code runs that does so: see JEP 515.
final class RehearsedLoad implements AutoCloseable {

  /// Nodes of 8 processors, of which four Pods of a Deployment fill one.
  static final int NODES = 250;

  private static final int DEPLOYMENTS = 16;
  private static final int REPLICAS = 60;
  private static final int MODEST = 1000; // fill all nodes
  private static final int IMPORTANT = 400; // take the place of two each

  /// A slow machine learns less, so that its first start does not take long.
  private static final Duration LONGEST = Duration.ofSeconds(20);

  private static final Duration PAUSE = Duration.ofMillis(20);

  private final World world;
  private final Api api;
  private final Informer deployments;
  private final Informer pods;
  private final long end;

  RehearsedLoad(World world, Api api) {
    this.world = world;
    this.api = api;
    this.deployments = new Informer(world, api, ApiResource.DEPLOYMENTS);
    this.pods = new Informer(world, api, ApiResource.PODS);
    this.end = world.nanoTime() + LONGEST.toNanos();
  }

  void run() throws InterruptedException {
    deployments.start();
    pods.start();
    each(DEPLOYMENTS, i -> api.create(ApiResource.DEPLOYMENTS, deployment(i)));
    await(() -> count(deployments, each -> isRolledOut(each, 1)) == DEPLOYMENTS);
    each(
        DEPLOYMENTS,
        i ->
            api.patch(
                ApiResource.DEPLOYMENTS,
                "default",
                "busy-" + i,
                "",
                PatchType.STRATEGIC,
                otherImage()));
    await(() -> count(deployments, each -> isRolledOut(each, 2)) == DEPLOYMENTS);
    each(
        DEPLOYMENTS,
        i -> api.delete(ApiResource.DEPLOYMENTS, "default", "busy-" + i, DeleteOptions.DEFAULT));
    create("modest", MODEST, "default", "", "1900m");
    create("important", IMPORTANT, "kube-system", "system-node-critical", "3500m");
  }

  /// Creates Pods of a priority and waits until all of them have a node.
  private void create(String name, int number, String namespace, String priority, String cpu)
      throws InterruptedException {
    Struct pod =
        Yaml.struct(
            """
            apiVersion: v1
            kind: Pod
            metadata: {namespace: %s}
            spec:
              priorityClassName: "%s"
              terminationGracePeriodSeconds: 0
              containers:
              - name: main
                image: "none:1"
                resources: {requests: {cpu: %s, memory: 500Mi}}
            """
                .formatted(namespace, priority, cpu));
    each(number, i -> api.create(ApiResource.PODS, pod.withAt(name + "-" + i, "metadata", "name")));
    await(() -> count(pods, each -> isPlaced(each, name)) == number);
  }

  private static Struct deployment(int number) {
    return Yaml.struct(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: busy-%1$d, namespace: default, labels: {app: busy-%1$d}}
        spec:
          replicas: %2$d
          strategy: {rollingUpdate: {maxUnavailable: 50%%}}
          selector: {matchLabels: {app: busy-%1$d}}
          template:
            metadata: {labels: {app: busy-%1$d}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: main
                image: "none:1"
                ports: [{containerPort: 80}]
                resources: {requests: {cpu: 1900m, memory: 500Mi}}
        """
            .formatted(number, REPLICAS));
  }

  private static Struct otherImage() {
    return Yaml.struct("{spec: {template: {spec: {containers: [{name: main, image: 'none:2'}]}}}}");
  }

  private static boolean isRolledOut(Struct deployment, long generation) {
    Struct status = deployment.struct("status");
    return status.integer("observedGeneration") >= generation
        && status.integer("updatedReplicas") == REPLICAS
        && status.integer("availableReplicas") == REPLICAS;
  }

  private static boolean isPlaced(Struct pod, String name) {
    return pod.string("metadata", "name").startsWith(name + "-")
        && !pod.string("spec", "nodeName").isEmpty();
  }

  private static long count(Informer informer, Predicate<Struct> condition) {
    return informer.list().stream().filter(condition).count();
  }

  private void each(int number, IntConsumer action) {
    for (int i = 0; i < number && !isOver(); i++) {
      action.accept(i);
    }
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean() && !isOver()) {
      world.sleep(PAUSE);
    }
  }

  private boolean isOver() {
    return world.nanoTime() > end;
  }

  @Override
  public void close() {
    deployments.close();
    pods.close();
  }
}

package dev.tiphys.controllers;

import dev.tiphys.client.Api;
import dev.tiphys.client.Informers;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Part;
import dev.tiphys.controllers.deployment.DeploymentController;
import dev.tiphys.controllers.endpoints.EndpointSliceController;
import dev.tiphys.controllers.endpoints.EndpointsController;
import dev.tiphys.controllers.endpoints.ServicePods;
import dev.tiphys.controllers.garbage.GarbageCollector;
import dev.tiphys.controllers.namespace.NamespaceController;
import dev.tiphys.controllers.namespace.NamespaceDefaults;
import dev.tiphys.controllers.nodelifecycle.NodeLifecycleController;
import dev.tiphys.controllers.podgc.PodCollector;
import dev.tiphys.controllers.replicaset.ReplicaKind;
import dev.tiphys.controllers.replicaset.ReplicaSetController;
import dev.tiphys.controllers.tainteviction.TaintEvictionController;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// All controllers of a cluster, in one process.
///
/// Threads: any.
public final class ControllerManager implements AutoCloseable {

  private final World world;
  private final Informers informers;
  private final List<Part> parts = new ArrayList<>();
  private @Nullable Task starter;
  private boolean closed;

  /// @param apis gives the API in the name of a controller, such as `deployment-controller`
  public ControllerManager(World world, Function<String, Api> apis, ControllerSettings settings) {
    this.world = world;
    this.informers = new Informers(world, apis.apply("kube-controller-manager"));
    ClusterView cluster = new ClusterView(informers);
    int workers = settings.workers();
    parts.add(
        new DeploymentController(world, apis.apply("deployment-controller"), cluster, workers));
    for (ReplicaKind kind : ReplicaKind.values()) {
      parts.add(
          new ReplicaSetController(world, apis.apply(kind.component()), cluster, kind, workers));
    }
    parts.add(new GarbageCollector(world, apis.apply("generic-garbage-collector"), 4 * workers));
    parts.add(
        new NamespaceController(world, apis.apply("namespace-controller"), cluster, 2 * workers));
    parts.add(
        NamespaceDefaults.serviceAccount(world, apis.apply("service-account-controller"), cluster));
    if (!settings.rootCertificates().isEmpty()) {
      parts.add(
          NamespaceDefaults.rootCertificates(
              world, apis.apply("root-ca-cert-publisher"), cluster, settings.rootCertificates()));
    }
    parts.add(
        new NodeLifecycleController(
            world,
            apis.apply("node-controller"),
            cluster,
            new NodeLifecycleController.Timing(
                settings.nodeMonitorPeriod(),
                settings.nodeGracePeriod(),
                settings.nodeStartupGrace()),
            workers));
    parts.add(new TaintEvictionController(world, apis.apply("node-controller"), cluster, workers));
    parts.add(
        new PodCollector(
            world, apis.apply("pod-garbage-collector"), cluster, settings.terminatedPods()));
    ServicePods services = new ServicePods(cluster);
    parts.add(
        new EndpointSliceController(
            world, apis.apply("endpointslice-controller"), cluster, services, workers));
    parts.add(
        new EndpointsController(
            world, apis.apply("endpoint-controller"), cluster, services, workers));
  }

  /// Starts everything and returns at once. The controllers begin to act when they have seen the
  /// whole cluster.
  public void start() {
    informers.start();
    starter = world.start("controllers", this::startParts);
  }

  private void startParts() {
    try {
      informers.awaitSynced();
      startUnlessClosed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void startUnlessClosed() {
    synchronized (parts) {
      if (!closed) {
        parts.forEach(Part::start);
      }
    }
  }

  @Override
  public void close() {
    Task starting = starter;
    if (starting != null) {
      starting.interrupt();
    }
    synchronized (parts) {
      closed = true;
    }
    parts.forEach(Part::close);
    informers.close();
  }
}

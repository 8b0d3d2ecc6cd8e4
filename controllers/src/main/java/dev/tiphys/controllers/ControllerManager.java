package dev.tiphys.controllers;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informers;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.controllers.admissionpolicy.PolicyStatusController;
import dev.tiphys.controllers.attachdetach.AttachDetachController;
import dev.tiphys.controllers.autoscaling.HorizontalPodAutoscalerController;
import dev.tiphys.controllers.certificates.ApprovalController;
import dev.tiphys.controllers.certificates.RequestCleaner;
import dev.tiphys.controllers.certificates.SigningController;
import dev.tiphys.controllers.clusterroleaggregation.ClusterRoleAggregationController;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.cronjob.CronJobController;
import dev.tiphys.controllers.daemonset.DaemonSetController;
import dev.tiphys.controllers.deployment.DeploymentController;
import dev.tiphys.controllers.devicetaints.DeviceTaintEvictionController;
import dev.tiphys.controllers.disruption.DisruptionController;
import dev.tiphys.controllers.endpoints.EndpointSliceController;
import dev.tiphys.controllers.endpoints.EndpointSliceMirroringController;
import dev.tiphys.controllers.endpoints.EndpointsController;
import dev.tiphys.controllers.endpoints.ServicePods;
import dev.tiphys.controllers.ephemeralvolume.EphemeralVolumeController;
import dev.tiphys.controllers.garbage.GarbageCollector;
import dev.tiphys.controllers.job.JobController;
import dev.tiphys.controllers.namespace.NamespaceController;
import dev.tiphys.controllers.namespace.NamespaceDefaults;
import dev.tiphys.controllers.nodeipam.NodeIpamController;
import dev.tiphys.controllers.nodelifecycle.NodeLifecycleController;
import dev.tiphys.controllers.nodettl.NodeTtlController;
import dev.tiphys.controllers.podgc.PodCollector;
import dev.tiphys.controllers.protection.PodGroupProtection;
import dev.tiphys.controllers.protection.StorageProtection;
import dev.tiphys.controllers.quota.QuotaController;
import dev.tiphys.controllers.reload.ReloadController;
import dev.tiphys.controllers.replicaset.ReplicaKind;
import dev.tiphys.controllers.replicaset.ReplicaSetController;
import dev.tiphys.controllers.resourceclaims.ResourceClaimController;
import dev.tiphys.controllers.servicecidrs.ServiceCidrController;
import dev.tiphys.controllers.statefulset.StatefulSetController;
import dev.tiphys.controllers.storagemigration.StorageMigrationController;
import dev.tiphys.controllers.tainteviction.TaintEvictionController;
import dev.tiphys.controllers.tokens.BootstrapSigner;
import dev.tiphys.controllers.tokens.BootstrapTokenCleaner;
import dev.tiphys.controllers.tokens.LegacyTokenCleaner;
import dev.tiphys.controllers.tokens.TokenSecretController;
import dev.tiphys.controllers.ttlafterfinished.TtlAfterFinishedController;
import dev.tiphys.controllers.volumebinder.VolumeBinderController;
import dev.tiphys.controllers.volumeexpand.ExpandController;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// All controllers of a cluster, in one process: the list of its components.
///
/// Threads: any.
public final class ControllerManager implements AutoCloseable {

  /// The name by which the controllers write together: the manager of the fields that they own.
  public static final String PROGRAM = "kube-controller-manager";

  /// The controllers that ask for the API in their own name.
  public static final List<String> CONTROLLERS =
      List.of(
          AttachDetachController.NAME,
          BootstrapSigner.NAME,
          "certificate-controller",
          "clusterrole-aggregation-controller",
          CronJobController.NAME,
          DaemonSetController.NAME,
          "deployment-controller",
          DeviceTaintEvictionController.NAME,
          "disruption-controller",
          "endpoint-controller",
          "endpointslice-controller",
          EndpointSliceMirroringController.NAME,
          EphemeralVolumeController.NAME,
          ExpandController.NAME,
          "generic-garbage-collector",
          HorizontalPodAutoscalerController.NAME,
          JobController.NAME,
          LegacyTokenCleaner.NAME,
          "namespace-controller",
          "node-controller",
          VolumeBinderController.NAME,
          "pod-garbage-collector",
          PodGroupProtection.NAME,
          StorageProtection.VOLUMES,
          StorageProtection.CLAIMS,
          ReloadController.NAME,
          "replicaset-controller",
          "replication-controller",
          ResourceClaimController.NAME,
          QuotaController.NAME,
          "root-ca-cert-publisher",
          "service-account-controller",
          ServiceCidrController.NAME,
          StatefulSetController.NAME,
          StorageMigrationController.NAME,
          "token-cleaner",
          TtlAfterFinishedController.NAME,
          NodeTtlController.NAME,
          PolicyStatusController.NAME,
          StorageProtection.CLASSES);

  private final World world;
  private final Informers informers;
  private final List<Component> components = new ArrayList<>();
  private final Queue<Component> waiting = new ArrayDeque<>();
  private @Nullable SupervisedTask starter;

  /// @param apis gives the API in the name of a controller, such as `deployment-controller`
  public ControllerManager(World world, Function<String, Api> apis, ControllerSettings settings) {
    this(world, apis, settings, new ControllerMetrics(world));
  }

  /// @param apis gives the API in the name of a controller, such as `deployment-controller`
  /// @param metrics what controllers count in
  public ControllerManager(
      World world,
      Function<String, Api> apis,
      ControllerSettings settings,
      ControllerMetrics metrics) {
    this.world = world;
    Api shared = apis.apply(PROGRAM); // what is read for all, and the rights to it
    this.informers = new Informers(world, shared);
    ClusterView cluster = new ClusterView(informers);
    int workers = settings.workers();
    components.add(
        new DeploymentController(world, apis.apply("deployment-controller"), cluster, workers));
    for (ReplicaKind kind : ReplicaKind.values()) {
      components.add(
          new ReplicaSetController(
              world, apis.apply(kind.component()), cluster, kind, metrics.deletions(), workers));
    }
    components.add(
        new DaemonSetController(world, apis.apply(DaemonSetController.NAME), cluster, workers));
    components.add(
        new StatefulSetController(world, apis.apply(StatefulSetController.NAME), cluster, workers));
    components.add(
        new JobController(world, apis.apply(JobController.NAME), cluster, metrics.jobs(), workers));
    components.add(
        new CronJobController(
            world, apis.apply(CronJobController.NAME), cluster, metrics.cronJobs(), workers));
    components.add(
        new TtlAfterFinishedController(
            world,
            apis.apply(TtlAfterFinishedController.NAME),
            cluster,
            metrics.finishedJobs(),
            workers));
    components.add(
        new GarbageCollector(
            world, apis.apply("generic-garbage-collector"), metrics.garbage(), 4 * workers));
    components.add(
        new NamespaceController(world, apis.apply("namespace-controller"), cluster, 2 * workers));
    components.add(
        NamespaceDefaults.serviceAccount(
            world, apis.apply("service-account-controller"), shared, cluster));
    if (!settings.rootCertificates().isEmpty()) {
      components.add(
          NamespaceDefaults.rootCertificates(
              world,
              apis.apply("root-ca-cert-publisher"),
              shared,
              cluster,
              metrics.publisher(),
              settings.rootCertificates()));
    }
    components.add(
        new NodeLifecycleController(
            world,
            apis.apply("node-controller"),
            shared,
            cluster,
            new NodeLifecycleController.Timing(
                settings.nodeMonitorPeriod(),
                settings.nodeGracePeriod(),
                settings.nodeStartupGrace()),
            metrics.nodes(),
            workers));
    components.add(
        new TaintEvictionController(
            world, apis.apply("node-controller"), cluster, metrics.taints(), workers));
    components.add(
        new PodCollector(
            world,
            apis.apply("pod-garbage-collector"),
            cluster,
            metrics.collector(),
            settings.terminatedPods()));
    components.add(
        new NodeTtlController(world, apis.apply(NodeTtlController.NAME), cluster, workers));
    components.add(new DisruptionController(world, apis.apply("disruption-controller"), cluster));
    components.add(
        new HorizontalPodAutoscalerController(
            world,
            apis.apply(HorizontalPodAutoscalerController.NAME),
            cluster,
            metrics.autoscaling(),
            workers));
    if (!settings.podRanges().cluster().isEmpty()) {
      components.add(
          new NodeIpamController(
              world,
              apis.apply("node-controller"),
              cluster,
              settings.podRanges(),
              metrics.addressRanges(),
              2 * workers));
    }
    if (settings.gates().isOn(FeatureGates.STORAGE_VERSION_MIGRATOR)) {
      components.add(
          new StorageMigrationController(
              world, apis.apply(StorageMigrationController.NAME), workers));
    }
    components.add(
        new ClusterRoleAggregationController(
            world, apis.apply(ClusterRoleAggregationController.NAME), cluster, workers));
    components.add(
        new PolicyStatusController(
            world, apis.apply(PolicyStatusController.NAME), cluster, workers));
    Api certificates = apis.apply("certificate-controller");
    components.add(new ApprovalController(world, certificates, cluster, 1));
    components.add(new RequestCleaner(world, certificates, cluster));
    if (settings.signing().authority() != null) {
      components.add(
          new SigningController(world, certificates, cluster, settings.signing().authority(), 1));
    }
    if (settings.signing().tokens() != null) {
      components.add(
          new TokenSecretController(
              world, shared, cluster, settings.signing().tokens(), settings.rootCertificates()));
    }
    components.add(new BootstrapTokenCleaner(world, apis.apply("token-cleaner"), cluster));
    components.add(new BootstrapSigner(world, apis.apply(BootstrapSigner.NAME), cluster));
    components.add(
        new LegacyTokenCleaner(
            world, apis.apply(LegacyTokenCleaner.NAME), cluster, LegacyTokenCleaner.YEAR));
    components.add(new QuotaController(world, apis.apply(QuotaController.NAME), cluster, workers));
    components.add(
        new EphemeralVolumeController(
            world,
            apis.apply(EphemeralVolumeController.NAME),
            cluster,
            metrics.ephemeralVolumes(),
            workers));
    components.add(
        new DeviceTaintEvictionController(
            world,
            apis.apply(DeviceTaintEvictionController.NAME),
            cluster,
            metrics.deviceTaints(),
            settings.gates().isOn(FeatureGates.DEVICE_TAINT_RULES),
            workers));
    components.add(
        new ResourceClaimController(
            world, apis.apply(ResourceClaimController.NAME), cluster, metrics.claims(), workers));
    components.add(
        new VolumeBinderController(
            world,
            apis.apply(VolumeBinderController.NAME),
            cluster,
            metrics.volumes(),
            settings.hostPaths(),
            workers));
    components.add(
        new AttachDetachController(
            world,
            apis.apply(AttachDetachController.NAME),
            cluster,
            metrics.attachments(),
            2 * workers));
    components.add(
        new ExpandController(world, apis.apply(ExpandController.NAME), cluster, workers));
    components.add(
        StorageProtection.ofClaims(world, apis.apply(StorageProtection.CLAIMS), cluster));
    components.add(
        StorageProtection.ofVolumes(world, apis.apply(StorageProtection.VOLUMES), cluster));
    components.add(
        StorageProtection.ofClasses(world, apis.apply(StorageProtection.CLASSES), cluster));
    if (settings.gates().isOn(FeatureGates.GENERIC_WORKLOAD)) {
      components.add(new PodGroupProtection(world, apis.apply(PodGroupProtection.NAME), cluster));
    }
    components.add(
        new ServiceCidrController(world, apis.apply(ServiceCidrController.NAME), cluster));
    for (ApiResource rolling :
        List.of(ApiResource.DEPLOYMENTS, ApiResource.STATEFUL_SETS, ApiResource.DAEMON_SETS)) {
      components.add(
          new ReloadController(world, apis.apply(ReloadController.NAME), cluster, rolling));
    }
    ServicePods services = new ServicePods(cluster);
    components.add(
        new EndpointSliceController(
            world,
            apis.apply("endpointslice-controller"),
            cluster,
            services,
            metrics.endpointSlices(),
            workers));
    components.add(
        new EndpointSliceMirroringController(
            world,
            apis.apply(EndpointSliceMirroringController.NAME),
            cluster,
            metrics.mirroring(),
            workers));
    components.add(
        new EndpointsController(
            world, apis.apply("endpoint-controller"), cluster, services, workers));
  }

  /// The manager of the fields that a controller writes.
  public static String managerOf(String controller) {
    return switch (controller) {
      case ClusterRoleAggregationController.NAME -> controller;
      case PolicyStatusController.NAME -> PolicyStatusController.MANAGER;
      default -> PROGRAM;
    };
  }

  /// Starts everything and returns at once. The controllers begin to act when they have seen the
  /// whole cluster.
  public void start() {
    informers.start();
    waiting.addAll(components);
    starter = world.supervisor().start("controllers", this::startSynced);
  }

  private void startSynced() throws InterruptedException {
    informers.awaitSynced();
    for (Component next = waiting.poll(); next != null; next = waiting.poll()) {
      next.start();
    }
  }

  @Override
  public void close() {
    SupervisedTask starting = starter;
    if (starting != null) {
      starting.close();
    }
    components.forEach(Component::close);
    informers.close();
  }
}

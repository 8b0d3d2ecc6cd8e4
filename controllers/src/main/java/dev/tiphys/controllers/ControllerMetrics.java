package dev.tiphys.controllers;

import dev.tiphys.client.InformerMetrics;
import dev.tiphys.client.controller.QueueMetrics;
import dev.tiphys.controllers.attachdetach.AttachDetachMetrics;
import dev.tiphys.controllers.autoscaling.AutoscalerMetrics;
import dev.tiphys.controllers.common.EvictionMetrics;
import dev.tiphys.controllers.common.StorageCalls;
import dev.tiphys.controllers.cronjob.CronJobMetrics;
import dev.tiphys.controllers.endpoints.EndpointSliceMetrics;
import dev.tiphys.controllers.endpoints.MirroringMetrics;
import dev.tiphys.controllers.ephemeralvolume.EphemeralVolumeMetrics;
import dev.tiphys.controllers.garbage.GarbageMetrics;
import dev.tiphys.controllers.job.JobMetrics;
import dev.tiphys.controllers.namespace.PublisherMetrics;
import dev.tiphys.controllers.nodeipam.AddressRangeMetrics;
import dev.tiphys.controllers.nodelifecycle.NodeMetrics;
import dev.tiphys.controllers.podgc.CollectorMetrics;
import dev.tiphys.controllers.replicaset.DeletionMetrics;
import dev.tiphys.controllers.resourceclaims.ClaimMetrics;
import dev.tiphys.controllers.ttlafterfinished.TtlMetrics;
import dev.tiphys.controllers.volumebinder.VolumeMetrics;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.world.World;
import java.util.function.Supplier;

/// What the controllers of a process count, under upstream's names: their work queues, and what
/// each of them tells of its objects. Counts go on when controllers are made anew.
///
/// Threads: any.
public final class ControllerMetrics {

  private final QueueMetrics queues;
  private final InformerMetrics informers = new InformerMetrics(ControllerManager.PROGRAM);
  private final AutoscalerMetrics autoscaling = new AutoscalerMetrics();
  private final ClaimMetrics claims = new ClaimMetrics();
  private final StorageCalls storage = new StorageCalls();
  private final AddressRangeMetrics addressRanges = new AddressRangeMetrics();
  private final AttachDetachMetrics attachments = new AttachDetachMetrics(storage);
  private final CollectorMetrics collector = new CollectorMetrics();
  private final CronJobMetrics cronJobs = new CronJobMetrics();
  private final DeletionMetrics deletions = new DeletionMetrics();
  private final EvictionMetrics deviceTaints =
      new EvictionMetrics("device_taint_eviction_controller");
  private final EndpointSliceMetrics endpointSlices = new EndpointSliceMetrics();
  private final EphemeralVolumeMetrics ephemeralVolumes = new EphemeralVolumeMetrics();
  private final TtlMetrics finishedJobs = new TtlMetrics();
  private final GarbageMetrics garbage = new GarbageMetrics();
  private final JobMetrics jobs = new JobMetrics();
  private final MirroringMetrics mirroring = new MirroringMetrics();
  private final NodeMetrics nodes = new NodeMetrics();
  private final PublisherMetrics publisher = new PublisherMetrics();
  private final EvictionMetrics taints = new EvictionMetrics("taint_eviction_controller");
  private final VolumeMetrics volumes;

  public ControllerMetrics(World world) {
    this.queues = new QueueMetrics(world, QueueNames::of);
    this.volumes = new VolumeMetrics(world, storage);
  }

  /// Makes controllers, and counts in the informers and work queues that are made thereby.
  public <T> T during(Supplier<T> body) {
    return informers.during(() -> queues.during(body));
  }

  /// Where autoscalers are counted.
  AutoscalerMetrics autoscaling() {
    return autoscaling;
  }

  /// Where resource claims are counted.
  ClaimMetrics claims() {
    return claims;
  }

  /// Where the ranges of nodes are counted.
  AddressRangeMetrics addressRanges() {
    return addressRanges;
  }

  /// Where volumes that are attached and detached are counted.
  AttachDetachMetrics attachments() {
    return attachments;
  }

  /// Where Pods that are collected are counted.
  CollectorMetrics collector() {
    return collector;
  }

  /// Where the Jobs of CronJobs are counted.
  CronJobMetrics cronJobs() {
    return cronJobs;
  }

  /// Where the ages of Pods that are deleted are counted.
  DeletionMetrics deletions() {
    return deletions;
  }

  /// Where Pods that go for the taints of devices are counted.
  EvictionMetrics deviceTaints() {
    return deviceTaints;
  }

  /// Where the slices of Services are counted.
  EndpointSliceMetrics endpointSlices() {
    return endpointSlices;
  }

  /// Where the claims of ephemeral volumes are counted.
  EphemeralVolumeMetrics ephemeralVolumes() {
    return ephemeralVolumes;
  }

  /// Where Jobs that go after their end are counted.
  TtlMetrics finishedJobs() {
    return finishedJobs;
  }

  /// Where failures of discovery are counted.
  GarbageMetrics garbage() {
    return garbage;
  }

  /// Where Jobs are counted.
  JobMetrics jobs() {
    return jobs;
  }

  /// Where slices that mirror Endpoints are counted.
  MirroringMetrics mirroring() {
    return mirroring;
  }

  /// Where nodes are counted.
  NodeMetrics nodes() {
    return nodes;
  }

  /// Where publications of the root certificates are counted.
  PublisherMetrics publisher() {
    return publisher;
  }

  /// Where Pods that go for the taints of nodes are counted.
  EvictionMetrics taints() {
    return taints;
  }

  /// Where volumes and claims are counted.
  VolumeMetrics volumes() {
    return volumes;
  }

  /// Writes all of it.
  public void write(Exposition out) {
    queues.write(out);
    informers.write(out);
    autoscaling.write(out);
    claims.write(out);
    addressRanges.write(out);
    attachments.write(out);
    collector.write(out);
    cronJobs.write(out);
    deletions.write(out);
    deviceTaints.write(out);
    endpointSlices.write(out);
    ephemeralVolumes.write(out);
    finishedJobs.write(out);
    garbage.write(out);
    jobs.write(out);
    mirroring.write(out);
    nodes.write(out);
    publisher.write(out);
    storage.write(out);
    taints.write(out);
    volumes.write(out);
  }
}

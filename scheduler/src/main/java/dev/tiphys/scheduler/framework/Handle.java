package dev.tiphys.scheduler.framework;

import dev.tiphys.client.Api;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.metrics.SchedulerMetrics;
import dev.tiphys.scheduler.reports.EventBroadcaster;
import dev.tiphys.world.World;
import java.util.Collection;
import java.util.random.RandomGenerator;

/// What a plugin has to work with.
public interface Handle {

  World world();

  /// The API. Calls wait, so none is made on the scheduling task.
  Api api();

  /// Which features are on.
  default FeatureGates gates() {
    return FeatureGates.DEFAULT;
  }

  /// The informers of this scheduler; what a plugin needs of them it asks for when it is made.
  Informers informers();

  /// The informer about what may not be served by every API server: it may never know anything.
  default Informer informer(Resource resource) {
    return informers().of(resource.kind());
  }

  /// The nodes and the Pods on them. For the scheduling task only.
  Cluster cluster();

  /// The Pods that nodes are being cleared for. For the scheduling task only.
  Nominations nominations();

  EventBroadcaster events();

  /// What is counted. Threads: any.
  SchedulerMetrics metrics();

  /// The source of chance. For the scheduling task only.
  RandomGenerator random();

  /// The name of the scheduler that the profile is for.
  String scheduler();

  /// Has something written about a Pod, in the background, after what was asked for before.
  void write(PodInfo pod, Runnable write);

  /// Has something done on the scheduling task. Threads: any.
  void post(Runnable change);

  /// Lets a Pod have its turn though nothing has happened. Threads: any.
  void activate(PodInfo pod);

  /// The Pods that wait for permission. Threads: any.
  Collection<WaitingPod> waitingPods();
}

package dev.tiphys.scheduler;

import dev.tiphys.client.Api;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.WaitingPod;
import dev.tiphys.scheduler.metrics.SchedulerMetrics;
import dev.tiphys.scheduler.reports.EventBroadcaster;
import dev.tiphys.world.World;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// What the plugins of one profile have to work with.
///
/// @param unawaited informers about what not every API server serves
/// @param waiting the Pods that wait for permission, by their uids
/// @param activation lets a Pod have its turn, on the scheduling task
record SchedulerHandle(
    String scheduler,
    FeatureGates gates,
    World world,
    Api api,
    Informers informers,
    Informers unawaited,
    Cluster cluster,
    Nominations nominations,
    EventBroadcaster events,
    SchedulerMetrics metrics,
    RandomGenerator random,
    Writers writers,
    Inbox inbox,
    Map<String, BindingCycle> waiting,
    Consumer<PodInfo> activation)
    implements Handle {

  @Override
  public Informer informer(Resource resource) {
    return (resource.isEverywhere() ? informers : unawaited).of(resource.kind());
  }

  @Override
  public void write(PodInfo pod, Runnable write) {
    writers.write(pod, write);
  }

  @Override
  public void post(Runnable change) {
    inbox.post(change);
  }

  @Override
  public void activate(PodInfo pod) {
    inbox.post(() -> activation.accept(pod));
  }

  @Override
  public Collection<WaitingPod> waitingPods() {
    return List.copyOf(waiting.values());
  }
}

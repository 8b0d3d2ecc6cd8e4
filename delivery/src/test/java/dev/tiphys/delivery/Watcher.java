package dev.tiphys.delivery;

import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.REPLICA_SETS;
import static dev.tiphys.client.ApiResource.SERVICES;
import static dev.tiphys.delivery.model.DeliveryResources.ANALYSIS_RUNS;
import static dev.tiphys.delivery.model.DeliveryResources.EXPERIMENTS;

import dev.tiphys.client.Informer;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.traffic.Routing;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Looks at every change in a cluster, and notes what must never be.
final class Watcher implements AutoCloseable {

  private final RolloutCluster it;

  /// The Service that all traffic goes through, but for a canary's share.
  private final String service;

  private final List<Informer> informers = new ArrayList<>();
  final List<String> faults = new ArrayList<>();

  /// What people had a Service select.
  final Set<String> byHand = ConcurrentHashMap.newKeySet();

  /// Templates that a person had promoted whatever analyses say.
  final Set<String> forced = ConcurrentHashMap.newKeySet();

  Watcher(RolloutCluster it, String service) {
    this.it = it;
    this.service = service;
    Informer services = new Informer(it.cluster.world, it.cluster.api, SERVICES);
    services.listen(
        new Informer.Listener() {
          @Override
          public void updated(Struct before, Struct now) {
            switched(before, now);
          }
        });
    informers.add(services.start());
    Informer sets = new Informer(it.cluster.world, it.cluster.api, REPLICA_SETS);
    sets.listen(
        new Informer.Listener() {
          @Override
          public void updated(Struct before, Struct now) {
            scaled(new ReplicaSet(before), new ReplicaSet(now));
          }
        });
    informers.add(sets.start());
    it.router.raised = this::raised;
  }

  /// A share grows only where Pods serve it that no analysis has failed.
  private void raised(Routing routing) {
    String hash = routing.pass().newest().hash();
    if (!serves(hash)) {
      note("traffic was given to " + hash + ", which has no ready Pod");
    }
    if (isBad(hash) && !forced.contains(hash)) {
      note("traffic was given to " + hash + ", which failed its analysis");
    }
    String selected =
        it.cluster.get(SERVICES, routing.canaryService()).string("spec", "selector", Labels.HASH);
    if (!selected.isEmpty() && !serves(selected)) {
      note("traffic was given to Service " + routing.canaryService() + ", which has no Pod");
    }
  }

  private void switched(Struct before, Struct now) {
    String from = before.string("spec", "selector", Labels.HASH);
    String to = now.string("spec", "selector", Labels.HASH);
    boolean isMain = Meta.of(now).name().equals(service);
    if (from.equals(to) || to.isEmpty() || byHand.contains(to) || !isMain) {
      return;
    }
    if (!serves(to) && serves(from)) {
      note("Service " + service + " left " + from + " for " + to + ", which has no ready Pod");
    }
    if (isBad(to) && !forced.contains(to) && !to.equals(it.status().string("stableRS"))) {
      note("Service " + service + " went to " + to + ", which failed its analysis");
    }
  }

  private boolean serves(String hash) {
    boolean available =
        it.cluster.list(REPLICA_SETS).stream()
            .map(ReplicaSet::new)
            .anyMatch(set -> set.hash().equals(hash) && set.available() > 0);
    return available
        || it.cluster.list(PODS).stream()
            .anyMatch(
                pod ->
                    Meta.of(pod).label(Labels.HASH).equals(hash)
                        && Meta.isTrue(pod, "Ready")
                        && !Meta.of(pod).isBeingDeleted());
  }

  /// Whether the last word that an analysis or an Experiment had on a template was against it.
  boolean isBad(String hash) {
    return Stream.of(ANALYSIS_RUNS, EXPERIMENTS)
        .flatMap(resource -> it.cluster.list(resource).stream())
        .filter(verdict -> Meta.of(verdict).label(Labels.HASH).equals(hash))
        .filter(verdict -> !verdict.bool("spec", "terminate")) // ended before it could tell
        .max(
            Comparator.comparing((Struct run) -> run.string("metadata", "creationTimestamp"))
                .thenComparing(run -> Meta.of(run).name()))
        .filter(run -> Set.of("Failed", "Error").contains(run.string("status", "phase")))
        .isPresent();
  }

  private void scaled(ReplicaSet before, ReplicaSet now) {
    if (now.replicas() >= before.replicas()) {
      return;
    }
    String selected = it.cluster.get(SERVICES, service).string("spec", "selector", Labels.HASH);
    if (!now.hash().equals(selected) || now.replicas() >= now.desired()) {
      return;
    }
    boolean byPods = it.get().has("spec", "strategy", "canary") && !isRouted();
    long needed = byPods ? 1 : Math.ceilDiv(now.desired() * (100 - it.router.weight), 100);
    if (now.replicas() < needed) {
      note(
          "%s was scaled from %d to %d, with %d%% of the traffic of %d"
              .formatted(
                  now.name(),
                  before.replicas(),
                  now.replicas(),
                  100 - it.router.weight,
                  now.desired()));
    }
  }

  private boolean isRouted() {
    return it.get().has("spec", "strategy", "canary", "trafficRouting");
  }

  private void note(String fault) {
    synchronized (faults) {
      faults.add(it.cluster.world.now() + " " + fault);
    }
  }

  @Override
  public void close() {
    informers.forEach(Informer::close);
  }
}

package dev.tiphys.controllers.podgc;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.controllers.common.Evictions;
import dev.tiphys.controllers.common.Parallel;
import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Deletes, every 20 seconds, Pods that nothing else will: those of nodes that no longer exist,
/// those that are to end and were never bound to a node, those on nodes that were declared out of
/// service, and the oldest ones that have ended if too many have.
///
/// Cost of a round: a few steps for each Pod.
public final class PodCollector implements Component {

  private static final System.Logger LOG = System.getLogger(PodCollector.class.getName());
  private static final Duration PERIOD = Duration.ofSeconds(20);

  /// How long a node must have been gone: its Pods may be known before it is.
  private static final long QUARANTINE = Duration.ofSeconds(40).toNanos();

  private static final String OUT_OF_SERVICE = "node.kubernetes.io/out-of-service";
  private static final Evictions.Disruption NO_NODE =
      new Evictions.Disruption("DeletionByPodGC", "PodGC: node no longer exists", true);

  /// Which of those that have ended goes first: evicted ones, since their owners made others.
  private static final Comparator<Struct> FIRST =
      Comparator.comparing((Struct pod) -> !pod.string("status", "reason").equals("Evicted"))
          .thenComparing(PodCollector::created)
          .thenComparing(pod -> Meta.of(pod).name());

  private final World world;
  private final Api api;
  private final Informer pods;
  private final Informer nodes;
  private final Evictions evictions;
  private final int threshold;
  private final CollectorMetrics metrics;

  /// Since when nodes have been missing that Pods are bound to.
  private final Map<String, Long> missing = new HashMap<>();

  private @Nullable SupervisedTask task;

  /// @param threshold how many Pods that have ended are kept
  public PodCollector(
      World world, Api api, ClusterView cluster, CollectorMetrics metrics, int threshold) {
    this.metrics = metrics;
    this.world = world;
    this.api = api;
    this.pods = cluster.of(ApiResource.PODS);
    this.nodes = cluster.of(ApiResource.NODES);
    this.evictions = new Evictions(world, api);
    this.threshold = threshold;
  }

  @Override
  public void start() {
    task = world.supervisor().start("pod-garbage-collector", this::run);
  }

  private void run() throws InterruptedException {
    while (true) {
      world.background().sleep(PERIOD);
      try {
        collect();
      } catch (ApiException e) {
        report(e);
      }
    }
  }

  private static void report(ApiException error) {
    LOG.log(Level.WARNING, "Pods could not be deleted: error={0}", error.message());
  }

  private void collect() throws InterruptedException {
    List<Struct> ended = new ArrayList<>();
    List<Struct> unbound = new ArrayList<>();
    List<Struct> stuck = new ArrayList<>();
    Map<String, List<Struct>> ofMissing = new HashMap<>();
    for (Struct pod : pods.list()) {
      String name = pod.string("spec", "nodeName");
      Struct node = nodes.find("", name);
      if (name.isEmpty()) {
        if (Meta.of(pod).isBeingDeleted()) {
          unbound.add(pod);
        }
      } else if (node == null) {
        ofMissing.computeIfAbsent(name, _ -> new ArrayList<>()).add(pod);
      } else if (Meta.of(pod).isBeingDeleted() && isOutOfService(node)) {
        stuck.add(pod);
      }
      if (Pods.isTerminal(pod)) {
        ended.add(pod);
      }
    }
    forEach(unbound, CollectorMetrics.Reason.UNSCHEDULED, evictions::remove);
    forEach(stuck, CollectorMetrics.Reason.OUT_OF_SERVICE, evictions::remove);
    forEach(oldest(ended), CollectorMetrics.Reason.TERMINATED, evictions::remove);
    forEach(
        ofNodesGone(ofMissing),
        CollectorMetrics.Reason.ORPHANED,
        pod -> evictions.evict(pod, NO_NODE));
  }

  private static boolean isOutOfService(Struct node) {
    return !Meta.isTrue(node, "Ready")
        && node.structs("spec", "taints").stream()
            .anyMatch(taint -> taint.string("key").equals(OUT_OF_SERVICE));
  }

  private List<Struct> oldest(List<Struct> ended) {
    return ended.stream().sorted(FIRST).limit(Math.max(0, ended.size() - threshold)).toList();
  }

  private static Instant created(Struct pod) {
    Instant created = Meta.of(pod).created();
    return created == null ? Instant.EPOCH : created;
  }

  /// The Pods whose node has been missing for long enough, and really is.
  private List<Struct> ofNodesGone(Map<String, List<Struct>> ofMissing) {
    missing.keySet().retainAll(ofMissing.keySet());
    long now = world.nanoTime();
    List<Struct> gone = new ArrayList<>();
    ofMissing.forEach(
        (node, bound) -> {
          long since = missing.computeIfAbsent(node, _ -> now);
          if (now - since >= QUARANTINE && api.find(ApiResource.NODES, "", node) == null) {
            gone.addAll(bound);
          }
        });
    return gone;
  }

  private void forEach(List<Struct> doomed, CollectorMetrics.Reason reason, Consumer<Struct> action)
      throws InterruptedException {
    Consumer<Struct> counted =
        pod -> {
          metrics.deleting(pod, reason);
          try {
            action.accept(pod);
          } catch (ApiException e) {
            metrics.failed(pod, reason);
            throw e;
          }
        };
    ApiException error = Parallel.all(world, doomed, counted).error();
    if (error != null) {
      report(error);
    }
  }

  @Override
  public void close() {
    SupervisedTask running = task;
    if (running != null) {
      running.close();
    }
  }
}

package dev.tiphys.scheduler;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.decisions.Afterthought;
import dev.tiphys.scheduler.decisions.Afterthought.ByPlugin;
import dev.tiphys.scheduler.decisions.Column;
import dev.tiphys.scheduler.decisions.DecisionLog;
import dev.tiphys.scheduler.decisions.NodeDecision;
import dev.tiphys.scheduler.decisions.NodeDecision.Verdict;
import dev.tiphys.scheduler.decisions.Roster;
import dev.tiphys.scheduler.decisions.SmallestChange;
import dev.tiphys.scheduler.decisions.Try;
import dev.tiphys.scheduler.evaluation.Explanation;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Works out what a try of a Pod that fits nowhere has left open, when there is nothing else to do:
/// what all plugins say of all nodes, and the smallest change. Takes a small share of the time
/// only, since others of the machine may have something to do.
///
/// Threads: the scheduling task.
final class Afterthoughts {

  private static final System.Logger LOG = System.getLogger(Afterthoughts.class.getName());

  /// For each nanosecond of work, so many of rest.
  private static final int REST = 50;

  private static final int MOST_WAITING = 1_000;

  private final World world;
  private final Cluster cluster;
  private final Nominations nominations;
  private final Map<String, ProfileWork> profiles;
  private final DecisionLog tries;
  private final Roster roster;
  private final Runnable wake;

  /// By the Pods' uids; the newest last.
  private final LinkedHashMap<String, Open> waiting = new LinkedHashMap<>();

  /// Of the afterthought before, by plugin.
  private Map<String, Column<@Nullable Object[]>> written = Map.of();

  private long restUntil;

  /// What a try has left open.
  ///
  /// @param generation of the cluster at that time
  private record Open(PodInfo pod, @Nullable Try of, long generation) {}

  /// @param wake makes the task look whether there is something to do
  Afterthoughts(
      World world,
      Cluster cluster,
      Nominations nominations,
      Map<String, ProfileWork> profiles,
      DecisionLog tries,
      Roster roster,
      Runnable wake) {
    this.world = world;
    this.cluster = cluster;
    this.nominations = nominations;
    this.profiles = profiles;
    this.tries = tries;
    this.roster = roster;
    this.wake = wake;
    this.restUntil = world.nanoTime();
  }

  /// A Pod was found to fit nowhere.
  void add(PodInfo pod) {
    waiting.remove(pod.uid());
    waiting.put(pod.uid(), new Open(pod, tries.of(pod), cluster.generation()));
    if (waiting.size() > MOST_WAITING) {
      waiting.pollFirstEntry();
    }
  }

  /// Thinks of one Pod, the one that was tried last, unless it is time to rest.
  ///
  /// @return whether it did
  boolean think() {
    long begin = world.nanoTime();
    if (waiting.isEmpty() || begin < restUntil) {
      return false;
    }
    Open open = Objects.requireNonNull(waiting.pollLastEntry()).getValue();
    if (tries.of(open.pod) != open.of || cluster.isPlaced(open.pod)) {
      return true;
    }
    try {
      tries.add(open.pod, thought(open));
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "what plugins think was not worked out: pod=" + open.pod, e);
    }
    long end = world.nanoTime();
    restUntil = end + (end - begin) * REST;
    if (!waiting.isEmpty() && restUntil > end) {
      world.background().schedule(Duration.ofNanos(restUntil - end), wake);
    }
    return true;
  }

  private Afterthought thought(Open open) {
    ProfileWork work = Objects.requireNonNull(profiles.get(open.pod.scheduler()));
    boolean changed = cluster.generation() != open.generation;
    List<NodeDecision> nodes = Explanation.of(work.evaluations(), cluster, nominations, open.pod);
    Map<String, @Nullable Object[]> refusals = new LinkedHashMap<>();
    for (NodeDecision decision : nodes) {
      int slot = Objects.requireNonNull(cluster.node(decision.node())).slot();
      for (Verdict verdict : decision.refusals()) {
        refusals.computeIfAbsent(verdict.plugin(), _ -> new Object[cluster.slots()])[slot] =
            verdict.rejection();
      }
    }
    return new Afterthought(
        world.now(),
        changed,
        SmallestChange.among(nodes),
        cluster.slots(),
        roster.names(),
        columns(refusals));
  }

  private List<ByPlugin> columns(Map<String, @Nullable Object[]> refusals) {
    Map<String, Column<@Nullable Object[]>> now = new LinkedHashMap<>();
    for (Map.Entry<String, @Nullable Object[]> each : refusals.entrySet()) {
      @Nullable Object[] bySlot = each.getValue();
      now.put(each.getKey(), Column.of(written.get(each.getKey()), bySlot, bySlot.length));
    }
    written = now;
    List<ByPlugin> columns = new ArrayList<>();
    for (Map.Entry<String, Column<@Nullable Object[]>> each : now.entrySet()) {
      columns.add(new ByPlugin(each.getKey(), each.getValue()));
    }
    return columns;
  }
}

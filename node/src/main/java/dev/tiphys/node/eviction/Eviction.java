package dev.tiphys.node.eviction;

import dev.tiphys.client.Informer;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodEvents;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Looks every ten seconds whether Pods take more of the disk than they may, and whether the node
/// has too little left; Pods of the first kind are ended, of the second one at a time.
///
/// Threads: its own task; [#start] comes before.
public final class Eviction {
  private static final System.Logger LOG = System.getLogger(Eviction.class.getName());
  private static final String SIGNAL = "eviction_signal";
  private static final Duration ROUND = Duration.ofSeconds(10);

  private final World world;
  private final NodeSettings settings;
  private final ContainerRuntime runtime;
  private final Informer pods;
  private final Vitals.Source vitals;
  private final Pressure pressure;
  private final Evictor evictor;
  private final PodEvents events;
  private final Consumer<String> onShortage;
  private final CounterFamily evictions =
      new CounterFamily(
          "kubelet_evictions", "Pods that were ended, by what they had to end for.", SIGNAL);

  /// Ends a Pod.
  public interface Evictor {
    /// Returns whether the Pod was there to be ended.
    boolean evict(Pod pod, String message, boolean forTheNode);

    /// The Pods that were to be ended and have not yet, by uid.
    Set<String> ending();
  }

  /// @param pods those of the node
  /// @param onShortage told of what is short when something is done about it
  public Eviction(
      World world,
      NodeSettings settings,
      ContainerRuntime runtime,
      Informer pods,
      Vitals.Source vitals,
      Pressure pressure,
      Evictor evictor,
      PodEvents events,
      Consumer<String> onShortage) {
    this.world = world.background();
    this.settings = settings;
    this.runtime = runtime;
    this.pods = pods;
    this.vitals = vitals;
    this.pressure = pressure;
    this.evictor = evictor;
    this.events = events;
    this.onShortage = onShortage;
  }

  /// Looks for the first time, before anything else is told of the node.
  public void start() throws InterruptedException {
    List<Signal.Met> _ = look();
  }

  /// Goes on until its task ends.
  public void run() throws InterruptedException {
    while (true) {
      world.sleep(ROUND);
      try {
        round();
      } catch (IOException | RuntimeFailure e) {
        LOG.log(Level.DEBUG, "what pods use is not known: {0}", e.getMessage());
      }
    }
  }

  /// Tells how many Pods were ended.
  public void write(Exposition out) {
    evictions.write(out);
  }

  /// Looks what the node has left, and takes note of it.
  private List<Signal.Met> look() throws InterruptedException {
    try {
      List<Signal.Met> met = Signal.met(vitals.look(), settings.eviction());
      pressure.observe(met);
      return met;
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "what the node has left is not known: {0}", e.getMessage());
      return List.of();
    }
  }

  private void round() throws IOException, InterruptedException {
    List<Signal.Met> met = look();
    List<Pod> running = new ArrayList<>();
    pods.list().stream()
        .map(Pod::new)
        .filter(pod -> !pod.isTerminal() && !pod.isBeingDeleted())
        .forEach(running::add);
    boolean limited = running.stream().anyMatch(Limits::has);
    if (!limited && met.isEmpty()) {
      return;
    }
    PodUsages usages = PodUsages.look(settings.directories(), runtime, settings.name());
    boolean ended = false;
    for (Pod pod : running) {
      Limits.Exceeded exceeded = Limits.has(pod) ? Limits.exceeded(usages.of(pod)) : null;
      ended |= exceeded != null && evict(pod, exceeded.message(), false, exceeded.signal());
    }
    if (!ended && !met.isEmpty() && evictor.ending().isEmpty()) {
      reclaim(running, usages, met.getFirst());
    }
  }

  private void reclaim(List<Pod> running, PodUsages usages, Signal.Met met)
      throws IOException, InterruptedException {
    onShortage.accept(met.signal().resource());
    List<PodUsage> measured = new ArrayList<>();
    for (Pod pod : running) {
      measured.add(usages.of(pod));
    }
    for (PodUsage usage : Ranking.of(measured, met.signal().resource())) {
      if (evict(usage.pod(), Ranking.message(usage, met), true, met.signal().id())) {
        return;
      }
    }
  }

  private boolean evict(Pod pod, String message, boolean forTheNode, String signal) {
    if (Ranking.isCritical(pod)) {
      return false;
    }
    boolean there = evictor.evict(pod, message, forTheNode);
    if (there) {
      evictions.count(signal);
      events.warning(pod, "Evicted", message);
    }
    return there;
  }
}

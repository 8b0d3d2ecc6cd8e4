package dev.tiphys.scheduler.queue;

import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.events.ClusterEvent;
import dev.tiphys.scheduler.events.Interest;
import dev.tiphys.scheduler.events.QueueingHint;
import dev.tiphys.scheduler.framework.EnqueueExtensions;
import dev.tiphys.scheduler.framework.Plugin;
import dev.tiphys.scheduler.framework.PreEnqueuePlugin;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.metrics.QueueMetrics;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the plugins of one profile say about Pods that wait.
///
/// Threads: the scheduling task.
final class Hinting {

  private static final System.Logger LOG = System.getLogger(Hinting.class.getName());

  /// Hints may take less than it takes to time them: one of so many is timed.
  private static final int TIMED = 10;

  private final World world;
  private final QueueMetrics metrics;
  private long asked;
  private final List<PreEnqueuePlugin> preEnqueue;

  /// By the name of a plugin; none for one that any event may help.
  private final Map<String, List<Interest>> interests = new HashMap<>();

  Hinting(World world, QueueMetrics metrics, Profile profile) {
    this.world = world;
    this.metrics = metrics;
    this.preEnqueue = profile.preEnqueue();
    for (Plugin plugin : profile.plugins()) {
      if (plugin instanceof EnqueueExtensions extensions) {
        interests.put(plugin.name(), extensions.events());
      }
    }
  }

  /// The plugin that holds a Pod back; null if none does.
  @Nullable String gate(PodInfo pod) {
    for (PreEnqueuePlugin plugin : preEnqueue) {
      if (holdsBack(plugin, pod)) {
        return plugin.name();
      }
    }
    return null;
  }

  /// A plugin that fails holds the Pod back, until an event or the five minutes let it be asked
  /// again.
  private static boolean holdsBack(PreEnqueuePlugin plugin, PodInfo pod) {
    try {
      return plugin.preEnqueue(pod) != null;
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "pre-enqueue failed: plugin=" + plugin.name() + " pod=" + pod, e);
      return true;
    }
  }

  /// Whether an event may help a Pod that plugins have refused; any may if none has.
  boolean mayHelp(ClusterEvent event, PodInfo pod, Set<String> refusing) {
    if (refusing.isEmpty()) {
      return true;
    }
    for (String name : refusing) {
      List<Interest> ofPlugin = interests.get(name);
      if (ofPlugin == null || mayHelp(name, event, pod, ofPlugin)) {
        return true;
      }
    }
    return false;
  }

  /// A hint that fails is none against another try.
  private boolean mayHelp(
      String plugin, ClusterEvent event, PodInfo pod, List<Interest> interests) {
    try {
      for (Interest interest : interests) {
        if (interest.concerns(event) && helps(plugin, interest, event, pod)) {
          return true;
        }
      }
      return false;
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a queueing hint failed: plugin=" + plugin + " pod=" + pod, e);
      return true;
    }
  }

  private boolean helps(String plugin, Interest interest, ClusterEvent event, PodInfo pod) {
    if (asked++ % TIMED != 0) {
      return interest.hint().hint(pod, event) == QueueingHint.QUEUE;
    }
    long begin = world.nanoTime();
    boolean helps = interest.hint().hint(pod, event) == QueueingHint.QUEUE;
    metrics.hinted(plugin, event.label(), helps, world.nanoTime() - begin);
    return helps;
  }
}

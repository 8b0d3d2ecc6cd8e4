package dev.tiphys.monitoring.prometheus;

import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.object.api.ObjectKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// What each Prometheus makes of the objects that it selects: whether it takes them, and how the
/// scrapes of their targets go.
///
/// Threads: any.
public final class Verdicts {

  private final Map<ObjectKey, Map<Monitor.Id, Verdict>> selected = new ConcurrentHashMap<>();
  private final Map<ObjectKey, Map<String, JobHealth>> health = new ConcurrentHashMap<>();
  private final List<Consumer<Monitor.Id>> listeners = new CopyOnWriteArrayList<>();

  /// Whether an object is taken.
  ///
  /// @param rejection why it is not; empty if it is
  /// @param generation of the object that was looked at
  public record Verdict(String rejection, long generation) {
    public boolean isAccepted() {
      return rejection.isEmpty();
    }
  }

  /// Has changes told.
  public void onChange(Consumer<Monitor.Id> listener) {
    listeners.add(listener);
  }

  /// Says what a Prometheus makes of all objects that it selects.
  public void publish(ObjectKey prometheus, Map<Monitor.Id, Verdict> now) {
    Map<Monitor.Id, Verdict> before = selected.put(prometheus, Map.copyOf(now));
    tell(changed(before == null ? Map.of() : before, now));
  }

  /// Says how the scrapes of a Prometheus go, by jobs.
  void publishHealth(ObjectKey prometheus, Map<String, JobHealth> now) {
    Map<String, JobHealth> before = health.put(prometheus, Map.copyOf(now));
    Set<String> jobs = changed(before == null ? Map.of() : before, now);
    Set<Monitor.Id> concerned = new HashSet<>();
    for (Monitor.Id each : selected.getOrDefault(prometheus, Map.of()).keySet()) {
      if (jobs.stream().anyMatch(job -> each.hasJob(job))) {
        concerned.add(each);
      }
    }
    tell(concerned);
  }

  /// A Prometheus is gone.
  public void forget(ObjectKey prometheus) {
    Map<Monitor.Id, Verdict> before = selected.remove(prometheus);
    health.remove(prometheus);
    if (before != null) {
      tell(before.keySet());
    }
  }

  /// What is made of an object, by each Prometheus that selects it.
  public Map<ObjectKey, Verdict> of(Monitor.Id monitor) {
    Map<ObjectKey, Verdict> found = new TreeMap<>();
    selected.forEach(
        (prometheus, all) -> {
          Verdict verdict = all.get(monitor);
          if (verdict != null) {
            found.put(prometheus, verdict);
          }
        });
    return found;
  }

  /// How the scrapes of an object's targets go, by jobs, as far as a Prometheus has told.
  public Map<String, JobHealth> healthOf(ObjectKey prometheus, Monitor.Id monitor) {
    Map<String, JobHealth> found = new TreeMap<>();
    health
        .getOrDefault(prometheus, Map.of())
        .forEach(
            (job, each) -> {
              if (monitor.hasJob(job)) {
                found.put(job, each);
              }
            });
    return found;
  }

  private void tell(Set<Monitor.Id> changed) {
    changed.forEach(each -> listeners.forEach(listener -> listener.accept(each)));
  }

  private static <K, V> Set<K> changed(Map<K, V> before, Map<K, V> now) {
    Map<K, V> all = new HashMap<>(before);
    all.putAll(now);
    Set<K> changed = new HashSet<>();
    for (K key : all.keySet()) {
      V one = before.get(key);
      if (one == null || !one.equals(now.get(key))) {
        changed.add(key);
      }
    }
    return changed;
  }
}

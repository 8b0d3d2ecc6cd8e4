package dev.tiphys.secrets.metrics;

import dev.tiphys.client.ApiResource;
import dev.tiphys.metrics.CounterFamily;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.GaugeFamily;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What is known of each object: how it stands, how long the last look at it took, and how often it
/// was synced.
///
/// Threads: any.
public final class SyncMetrics {

  private final Map<Subject, Figures> subjects = new HashMap<>(); // guarded by itself
  private final CounterFamily calls =
      new CounterFamily(
          "externalsecret_provider_api_calls_count",
          "Requests to stores.",
          "provider",
          "call",
          "status");

  private record Subject(ApiResource resource, ObjectKey key) {}

  private static final class Figures {
    final Map<String, String> conditions = new TreeMap<>();
    double nanos;
    long synced;
    long failed;
  }

  private static Comparator<List<String>> order() {
    return Comparator.comparing(List::toString);
  }

  /// An object was looked at.
  public void looked(ApiResource resource, ObjectKey key, long nanos) {
    synchronized (subjects) {
      figures(resource, key).nanos = nanos;
    }
  }

  /// An object of a kind whose looks are counted was looked at, whether or not anything was done.
  public void synced(ApiResource resource, ObjectKey key, long nanos) {
    synchronized (subjects) {
      Figures figures = figures(resource, key);
      figures.nanos = nanos;
      figures.synced++;
    }
  }

  /// What is kept could not be brought up to date.
  public void failed(ApiResource resource, ObjectKey key) {
    synchronized (subjects) {
      figures(resource, key).failed++;
    }
  }

  /// A condition of an object has a value.
  public void condition(ApiResource resource, ObjectKey key, String type, String value) {
    synchronized (subjects) {
      figures(resource, key).conditions.put(type, value);
    }
  }

  /// An object is gone.
  public void gone(ApiResource resource, ObjectKey key) {
    synchronized (subjects) {
      subjects.remove(new Subject(resource, key));
    }
  }

  /// A provider asked its server something.
  ///
  /// @param provider `HashiCorp/Vault`
  /// @param call `ReadSecretData`
  public void called(String provider, String call, boolean well) {
    calls.count(provider, call, well ? "success" : "error");
  }

  private Figures figures(ApiResource resource, ObjectKey key) {
    return subjects.computeIfAbsent(new Subject(resource, key), _ -> new Figures());
  }

  /// Tells all of it.
  public void write(Exposition out) {
    Map<ApiResource, List<Map.Entry<ObjectKey, Figures>>> kinds =
        new TreeMap<>(Comparator.comparing(ApiResource::kind));
    synchronized (subjects) {
      subjects.forEach(
          (subject, figures) ->
              kinds
                  .computeIfAbsent(subject.resource, _ -> new ArrayList<>())
                  .add(Map.entry(subject.key, figures)));
      kinds.forEach((resource, all) -> write(out, prefix(resource), all));
    }
    calls.write(out);
  }

  private static String prefix(ApiResource resource) {
    return resource.kind().toLowerCase(Locale.ROOT);
  }

  private static void write(
      Exposition out, String prefix, List<Map.Entry<ObjectKey, Figures>> all) {
    Map<List<String>, Double> conditions = new TreeMap<>(order());
    Map<List<String>, Double> nanos = new TreeMap<>(order());
    CounterFamily synced = counter(prefix + "_sync_calls_total", "How often objects were synced.");
    CounterFamily failed = counter(prefix + "_sync_calls_error", "How often that failed.");
    for (Map.Entry<ObjectKey, Figures> each : all) {
      String name = each.getKey().name();
      String namespace = each.getKey().namespace();
      Figures figures = each.getValue();
      nanos.put(List.of(name, namespace), figures.nanos);
      if (figures.synced > 0) {
        synced.add(figures.synced, name, namespace);
        failed.add(figures.failed, name, namespace);
      }
      figures.conditions.forEach(
          (type, value) -> {
            for (String status : List.of("True", "False")) {
              conditions.put(
                  List.of(name, namespace, type, status), value.equals(status) ? 1.0 : 0.0);
            }
          });
    }
    new GaugeFamily(
            prefix + "_status_condition",
            "How objects stand.",
            "name",
            "namespace",
            "condition",
            "status")
        .write(out, conditions);
    new GaugeFamily(
            prefix + "_reconcile_duration",
            "How long the last look took, in nanoseconds.",
            "name",
            "namespace")
        .write(out, nanos);
    synced.write(out);
    failed.write(out);
  }

  private static CounterFamily counter(String name, String help) {
    return new CounterFamily(name, help, "name", "namespace");
  }
}

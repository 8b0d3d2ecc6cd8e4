package dev.tiphys.monitoring.model;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.Comparator;

/// An object that a Prometheus is configured by: one that says what is scraped, or a
/// PrometheusRule.
///
/// @param resource what it is one of
/// @param object the whole object
public record Monitor(ApiResource resource, Struct object) {

  /// By kind, in the order in which configurations have them, and by name.
  public static final Comparator<Monitor> ORDER =
      Comparator.comparingInt((Monitor each) -> MonitoringResources.ALL.indexOf(each.resource()))
          .thenComparing(each -> each.key().toString());

  public ObjectKey key() {
    return ObjectKey.of(object);
  }

  public String namespace() {
    return Meta.of(object).namespace();
  }

  public Struct spec() {
    return object.struct("spec");
  }

  public boolean isRule() {
    return resource.equals(MonitoringResources.RULES);
  }

  /// Which one it is.
  public Id id() {
    return new Id(resource, key());
  }

  /// The name of the job of its endpoint, or of its only one.
  public String job(int endpoint) {
    String name = key().toString();
    return switch (resource.kind()) {
      case "ServiceMonitor" -> "serviceMonitor/" + name + "/" + endpoint;
      case "PodMonitor" -> "podMonitor/" + name + "/" + endpoint;
      case "Probe" -> "probe/" + name;
      default -> "scrapeConfig/" + name;
    };
  }

  /// Whether a job is one of its.
  public boolean hasJob(String job) {
    String first = job(0);
    return first.equals(job)
        || first.endsWith("/0") && job.startsWith(first.substring(0, first.length() - 1));
  }

  /// What tells a monitor from others.
  public record Id(ApiResource resource, ObjectKey key) {}
}

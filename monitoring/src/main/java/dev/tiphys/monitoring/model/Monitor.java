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
    return id().job(endpoint);
  }

  /// What tells a monitor from others.
  public record Id(ApiResource resource, ObjectKey key) {

    private String job(int endpoint) {
      return switch (resource.kind()) {
        case "ServiceMonitor" -> "serviceMonitor/" + key + "/" + endpoint;
        case "PodMonitor" -> "podMonitor/" + key + "/" + endpoint;
        case "Probe" -> "probe/" + key;
        default -> "scrapeConfig/" + key;
      };
    }

    /// Whether a job is one of its.
    public boolean hasJob(String job) {
      String first = job(0);
      return first.equals(job)
          || first.endsWith("/0") && job.startsWith(first.substring(0, first.length() - 1));
    }
  }
}

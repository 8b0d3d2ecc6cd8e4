package dev.tiphys.monitoring.model;

import dev.tiphys.client.ApiResource;
import dev.tiphys.schema.GroupVersion;
import java.util.List;

/// The kinds of the Prometheus Operator.
public final class MonitoringResources {

  public static final String GROUP = "monitoring.coreos.com";

  public static final ApiResource SERVICE_MONITORS = of("v1", "servicemonitors", "ServiceMonitor");
  public static final ApiResource POD_MONITORS = of("v1", "podmonitors", "PodMonitor");
  public static final ApiResource PROBES = of("v1", "probes", "Probe");
  public static final ApiResource SCRAPE_CONFIGS = of("v1alpha1", "scrapeconfigs", "ScrapeConfig");
  public static final ApiResource RULES = of("v1", "prometheusrules", "PrometheusRule");
  public static final ApiResource PROMETHEUSES = of("v1", "prometheuses", "Prometheus");
  public static final ApiResource ALERTMANAGERS = of("v1", "alertmanagers", "Alertmanager");
  public static final ApiResource ALERTMANAGER_CONFIGS =
      of("v1alpha1", "alertmanagerconfigs", "AlertmanagerConfig");

  /// What is scraped.
  public static final List<ApiResource> MONITORS =
      List.of(SERVICE_MONITORS, POD_MONITORS, PROBES, SCRAPE_CONFIGS);

  /// What a Prometheus is configured by, in the order of its configuration.
  public static final List<ApiResource> ALL =
      List.of(SERVICE_MONITORS, POD_MONITORS, PROBES, SCRAPE_CONFIGS, RULES);

  private MonitoringResources() {}

  private static ApiResource of(String version, String plural, String kind) {
    return new ApiResource(GroupVersion.parse(GROUP + "/" + version), plural, kind, true);
  }
}

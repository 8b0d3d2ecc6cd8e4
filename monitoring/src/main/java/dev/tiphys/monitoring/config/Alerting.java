package dev.tiphys.monitoring.config;

import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where a Prometheus sends its alerts.
///
/// @param known the addresses of Alertmanagers for a Prometheus that names none
record Alerting(Scraping scraping, List<String> known) {

  List<Struct> alertmanagers() throws RejectedException {
    Prometheus prometheus = scraping.prometheus();
    if (!prometheus.spec().has("alerting")) {
      return known.isEmpty()
          ? List.of()
          : List.of(
              Struct.of(
                  "api_version",
                  "v2",
                  "static_configs",
                  List.of(Struct.of("targets", List.copyOf(known)))));
    }
    List<Struct> all = new ArrayList<>();
    for (Struct each : prometheus.spec().structs("alerting", "alertmanagers")) {
      all.add(named(prometheus, each));
    }
    return List.copyOf(all);
  }

  /// The endpoints of a Service.
  private Struct named(Prometheus prometheus, Struct settings) throws RejectedException {
    StructBuilder out =
        new StructBuilder()
            .addUnlessEmpty("scheme", settings.string("scheme").toLowerCase(Locale.ROOT))
            .addUnlessEmpty("path_prefix", settings.string("pathPrefix"))
            .addUnlessEmpty("timeout", settings.string("timeout"))
            .addUnlessEmpty("api_version", settings.string("apiVersion").toLowerCase(Locale.ROOT));
    String given = settings.string("namespace");
    String namespace = given.isEmpty() ? prometheus.key().namespace() : given;
    Monitor owner = new Monitor(MonitoringResources.PROMETHEUSES, prometheus.object());
    scraping.http(owner).addTo(out, settings, Struct.EMPTY);
    out.add(
        "kubernetes_sd_configs",
        List.of(
            scraping.discovery(
                owner, "endpoints", Struct.of("matchNames", List.of(namespace)), "")));
    Relabelings relabelings =
        new Relabelings().keep(settings.string("name"), "__meta_kubernetes_service_name");
    @Nullable Object port = settings.get("port");
    if (port instanceof Long number) {
      relabelings.keep(number.toString(), "__meta_kubernetes_pod_container_port_number");
    } else {
      relabelings.keep(ServiceMonitorJobs.text(port), "__meta_kubernetes_endpoint_port_name");
    }
    relabelings.addAll(settings.structs("relabelings"));
    return out.add("relabel_configs", relabelings.build()).build();
  }
}

package dev.tiphys.monitoring.config;

import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The jobs of ScrapeConfigs, whose targets Prometheus finds in ways of its own.
record ScrapeConfigJobs(Scraping scraping) {

  Struct of(Monitor monitor) throws RejectedException {
    Struct spec = monitor.spec();
    StructBuilder out = scraping.job(monitor, 0);
    if (spec.has("honorLabels")) {
      scraping.addHonors(out, spec);
    } else if (spec.has("honorTimestamps")) {
      StructBuilder honors = new StructBuilder();
      scraping.addHonors(honors, spec);
      out.addAll(honors.build().without("honor_labels"));
    }
    out.addUnlessEmpty("metrics_path", spec.string("metricsPath"));
    scraping.addTimes(out, spec, "scrapeInterval");
    scraping.addHttp(out, monitor, spec);
    out.addUnlessEmpty("static_configs", spec.list("staticConfigs"));
    add(out, "http_sd_configs", spec.structs("httpSDConfigs"), each -> http(monitor, each));
    add(out, "dns_sd_configs", spec.structs("dnsSDConfigs"), ScrapeConfigJobs::dns);
    add(out, "kubernetes_sd_configs", spec.structs("kubernetesSDConfigs"), this::kubernetes);
    Relabelings relabelings =
        Relabelings.begun().addAll(scraping.scrapeClass(monitor).structs("relabelings"));
    if (!spec.string("jobName").isEmpty()) {
      relabelings.add(
          Struct.of(
              "action", "replace", "replacement", spec.string("jobName"), "target_label", "job"));
    }
    relabelings.addAll(spec.structs("relabelings"));
    return scraping.closed(out, monitor, relabelings, spec.structs("metricRelabelings"));
  }

  /// Makes one way of finding targets.
  private interface Making {
    Struct of(Struct config) throws RejectedException;
  }

  private static void add(StructBuilder out, String name, List<Struct> configs, Making making)
      throws RejectedException {
    List<Struct> made = new ArrayList<>();
    for (Struct each : configs) {
      made.add(making.of(each));
    }
    out.addUnlessEmpty(name, List.copyOf(made));
  }

  private Struct http(Monitor monitor, Struct config) throws RejectedException {
    StructBuilder out =
        new StructBuilder()
            .add("url", config.string("url"))
            .addUnlessEmpty("refresh_interval", config.string("refreshInterval"));
    scraping.http(monitor).addTo(out, config, Struct.EMPTY);
    return out.build();
  }

  private static Struct dns(Struct config) {
    return new StructBuilder()
        .add("names", config.list("names"))
        .addUnlessZero("port", config.integer("port"))
        .addUnlessEmpty("type", config.string("type"))
        .addUnlessEmpty("refresh_interval", config.string("refreshInterval"))
        .build();
  }

  private Struct kubernetes(Struct config) {
    String role = config.string("role").toLowerCase(Locale.ROOT);
    StructBuilder out = new StructBuilder().add("role", role);
    if (config.has("namespaces")) {
      out.add("namespaces", namespaces(config.struct("namespaces")));
    }
    List<Struct> selectors = new ArrayList<>();
    for (Struct each : config.structs("selectors")) {
      selectors.add(each.with("role", each.string("role").toLowerCase(Locale.ROOT)));
    }
    out.addUnlessEmpty("selectors", List.copyOf(selectors));
    if (config.has("attachMetadata")
        && List.of("pod", "endpoints", "endpointslice").contains(role)) {
      out.add("attach_metadata", config.struct("attachMetadata"));
    }
    return out.build();
  }

  /// The namespace of the Prometheus is given by name: the program is in none.
  private Struct namespaces(Struct config) {
    List<String> names = new ArrayList<>(config.strings("names"));
    String own = scraping.prometheus().key().namespace();
    if (config.bool("ownNamespace") && !names.contains(own)) {
      names.add(own);
    }
    return names.isEmpty() ? Struct.EMPTY : Struct.of("names", List.copyOf(names));
  }
}

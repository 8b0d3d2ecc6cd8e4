package dev.tiphys.monitoring.config;

import dev.tiphys.monitoring.discovery.Search;
import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.monitoring.selection.Sources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes the configuration of a Prometheus from objects: the same for the same ones, whatever order
/// they come in.
///
/// Threads: one.
public final class Configuration {

  private static final String PROMETHEUS_LABEL = "prometheus";
  private static final String REPLICA_LABEL = "prometheus_replica";

  private final Prometheus prometheus;
  private final Assets assets;
  private final Scraping scraping;
  private final RuleGroups rules;
  private final List<Struct> clusterJobs;
  private final Alerting alerting;
  private final Additional additional;
  private final RemoteStorage remote;

  /// @param version of the program
  /// @param access what it sees the cluster with
  /// @param sources what objects refer to
  /// @param directory where the files of the Prometheus are
  /// @param clusterJobs what is scraped besides
  /// @param alertmanagers where alerts go if the Prometheus names no place
  public Configuration(
      Prometheus prometheus,
      Version version,
      ClusterAccess access,
      Sources sources,
      Path directory,
      List<Struct> clusterJobs,
      List<String> alertmanagers) {
    this.prometheus = prometheus;
    this.assets = new Assets(directory);
    this.scraping = new Scraping(prometheus, version, access, sources, assets);
    this.rules = new RuleGroups(prometheus, version);
    this.clusterJobs = List.copyOf(clusterJobs);
    this.alerting = new Alerting(scraping, alertmanagers);
    this.additional = new Additional(scraping);
    this.remote = new RemoteStorage(scraping);
  }

  /// What an object brings: its jobs, or its groups of rules.
  ///
  /// @throws RejectedException if what it refers to is not there
  public List<Struct> partOf(Monitor monitor) throws RejectedException {
    return switch (monitor.resource().kind()) {
      case "ServiceMonitor" -> new ServiceMonitorJobs(scraping).of(monitor);
      case "PodMonitor" -> new PodMonitorJobs(scraping).of(monitor);
      case "Probe" -> List.of(new ProbeJobs(scraping).of(monitor));
      case "ScrapeConfig" -> List.of(new ScrapeConfigJobs(scraping).of(monitor));
      default -> List.of(rules.of(monitor));
    };
  }

  /// The whole.
  ///
  /// @param accepted what it is made of
  /// @throws RejectedException if settings of the Prometheus itself cannot be used
  public Rendered of(List<Monitor> accepted) throws RejectedException {
    List<Struct> jobs = new ArrayList<>();
    List<String> files = new ArrayList<>();
    for (Monitor each : accepted.stream().sorted(Monitor.ORDER).toList()) {
      List<Struct> part = partOf(each);
      if (each.isRule()) {
        files.add(assets.rules(fileName(each), text(part.getFirst())));
      } else {
        part.forEach(job -> jobs.add(found(job)));
      }
    }
    clusterJobs.forEach(job -> jobs.add(found(job)));
    additional.entries("additionalScrapeConfigs").forEach(job -> jobs.add(found(job)));
    StructBuilder out = new StructBuilder().add("global", global());
    List<Struct> alertmanagers = new ArrayList<>(alerting.alertmanagers());
    alertmanagers.addAll(additional.entries("additionalAlertManagerConfigs"));
    if (!alertmanagers.isEmpty()) {
      List<Struct> relabelings = new ArrayList<>();
      relabelings.add(Struct.of("action", "labeldrop", "regex", REPLICA_LABEL));
      relabelings.addAll(additional.entries("additionalAlertRelabelConfigs"));
      out.add(
          "alerting",
          Struct.of(
              "alert_relabel_configs",
              List.copyOf(relabelings),
              "alertmanagers",
              alertmanagers.stream().map(this::found).toList()));
    }
    out.addUnlessEmpty("remote_read", remote.reads());
    out.addUnlessEmpty("remote_write", remote.writes());
    out.addUnlessEmpty("rule_files", List.copyOf(files));
    out.addUnlessEmpty("scrape_configs", List.copyOf(jobs));
    out.addUnlessEmpty("storage", storage());
    return new Rendered(Yaml.text(out.build()), assets.files(), assets.targets());
  }

  /// What is to be found in the cluster is found here, and read from files.
  private Struct found(Struct job) {
    if (!job.has("kubernetes_sd_configs")) {
      return job;
    }
    List<Struct> found = new ArrayList<>(job.structs("file_sd_configs"));
    for (Struct each : job.structs("kubernetes_sd_configs")) {
      found.add(Struct.of("files", List.of(assets.targets(Search.of(each)))));
    }
    return job.without("kubernetes_sd_configs").with("file_sd_configs", List.copyOf(found));
  }

  private static byte[] text(Struct tree) {
    return Yaml.text(tree).getBytes(StandardCharsets.UTF_8);
  }

  private static String fileName(Monitor rule) {
    Meta meta = Meta.of(rule.object());
    return "%s-%s-%s".formatted(meta.namespace(), meta.name(), meta.uid());
  }

  private Struct global() {
    return new StructBuilder()
        .add("evaluation_interval", prometheus.evaluationInterval())
        .add("external_labels", externalLabels())
        .add("scrape_interval", prometheus.scrapeInterval())
        .addUnlessEmpty("scrape_timeout", prometheus.spec().string("scrapeTimeout"))
        .build();
  }

  private Struct storage() {
    Struct spec = prometheus.spec();
    StructBuilder out = new StructBuilder();
    long exemplars = spec.integer("exemplars", "maxSize");
    if (exemplars != 0) {
      out.add("exemplars", Struct.of("max_exemplars", exemplars));
    }
    String late = spec.string("tsdb", "outOfOrderTimeWindow");
    if (!late.isEmpty()) {
      out.add("tsdb", Struct.of("out_of_order_time_window", late));
    }
    return out.build();
  }

  private Struct externalLabels() {
    Struct spec = prometheus.spec();
    String own = nameOf(spec, "prometheusExternalLabelName", PROMETHEUS_LABEL);
    String replica = nameOf(spec, "replicaExternalLabelName", REPLICA_LABEL);
    StructBuilder labels = new StructBuilder().addAll(spec.struct("externalLabels"));
    if (!own.isEmpty()) {
      labels.add(own, prometheus.key().toString());
    }
    if (!replica.isEmpty()) {
      labels.add(replica, "prometheus-" + prometheus.key().name() + "-0");
    }
    return labels.build();
  }

  private static String nameOf(Struct spec, String field, String usual) {
    return spec.has(field) ? spec.string(field) : usual;
  }
}

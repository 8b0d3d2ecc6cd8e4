package dev.tiphys.monitoring.config;

import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.monitoring.selection.Sources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.selector.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What jobs of all kinds of objects have in common.
///
/// @param version of the program
/// @param access what Prometheus sees the cluster with
record Scraping(
    Prometheus prometheus, Version version, ClusterAccess access, Sources sources, Assets assets) {

  /// A job of an object.
  StructBuilder job(Monitor monitor, int index) {
    return new StructBuilder(24).add("job_name", monitor.job(index));
  }

  /// How often, and what is asked for.
  ///
  /// @param interval the field that says how often
  void addTimes(StructBuilder out, Struct settings, String interval) {
    out.addUnlessEmpty("scrape_interval", settings.string(interval));
    out.addUnlessEmpty("scrape_timeout", settings.string("scrapeTimeout"));
    out.addUnlessEmpty("scheme", settings.string("scheme").toLowerCase(Locale.ROOT));
    if (settings.get("params") instanceof Struct params) {
      out.addUnlessEmpty("params", params);
    }
  }

  /// Whether labels and times of what is scraped count.
  void addHonors(StructBuilder out, Struct settings) {
    out.add("honor_labels", settings.bool("honorLabels") && !spec().bool("overrideHonorLabels"));
    boolean overridden = spec().bool("overrideHonorTimestamps");
    if (settings.has("honorTimestamps") || overridden) {
      out.add("honor_timestamps", settings.bool("honorTimestamps") && !overridden);
    }
    if (settings.has("trackTimestampsStaleness") && version.isAtLeast(2, 48)) {
      out.add("track_timestamps_staleness", settings.bool("trackTimestampsStaleness"));
    }
  }

  private Struct spec() {
    return prometheus.spec();
  }

  Struct scrapeClass(Monitor monitor) {
    return prometheus.scrapeClass(monitor.spec().string("scrapeClass"));
  }

  HttpSettings http(Monitor monitor) {
    return new HttpSettings(version, access, sources, assets, monitor.namespace());
  }

  void addHttp(StructBuilder out, Monitor monitor, Struct settings) throws RejectedException {
    http(monitor).addTo(out, settings, scrapeClass(monitor));
  }

  /// How objects of the cluster are found.
  ///
  /// @param role what is found
  /// @param selected what the selector of the object is about; empty if it has none
  Struct discovery(Monitor monitor, String role, Struct namespaceSelector, String selected) {
    StructBuilder out =
        new StructBuilder()
            .add("role", role)
            .add("api_server", access.apiServer())
            .add("authorization", access.authorization())
            .add("tls_config", access.tls());
    List<String> names = namespaces(monitor, namespaceSelector);
    if (!names.isEmpty()) {
      out.add("namespaces", Struct.of("names", names));
    }
    Struct attached =
        monitor.spec().has("attachMetadata")
            ? monitor.spec().struct("attachMetadata")
            : scrapeClass(monitor).struct("attachMetadata");
    if (!attached.isEmpty() && version.isAtLeast(2, role.equals("pod") ? 35 : 37)) {
      out.add("attach_metadata", Struct.of("node", attached.bool("node")));
    }
    if (!selected.isEmpty()) { // as the relabelings do, which would drop all others
      String label = LabelSelector.from(monitor.spec().struct("selector")).toString();
      out.add("selectors", List.of(Struct.of("role", selected, "label", label)));
    }
    return out.build();
  }

  /// The namespaces that an object selects from; empty for all.
  List<String> namespaces(Monitor monitor, Struct selector) {
    if (spec().bool("ignoreNamespaceSelectors")) {
      return List.of(monitor.namespace());
    }
    if (selector.bool("any")) {
      return List.of();
    }
    List<String> names = selector.strings("matchNames");
    return names.isEmpty() ? List.of(monitor.namespace()) : names;
  }

  /// The labels of Pods that are wanted, by the object and by the Prometheus.
  List<String> podTargetLabels(Monitor monitor) {
    List<String> all = new ArrayList<>(monitor.spec().strings("podTargetLabels"));
    all.addAll(spec().strings("podTargetLabels"));
    return all;
  }

  /// What comes last in each job: the relabelings of users, limits, and what is done to samples.
  ///
  /// @param of what has the relabelings of users, in its field `relabelings`
  /// @param samples what has those of samples
  Struct finished(
      StructBuilder out,
      Monitor monitor,
      Relabelings relabelings,
      List<Struct> of,
      List<Struct> samples) {
    relabelings.addAll(scrapeClass(monitor).structs("relabelings"));
    return closed(out, monitor, relabelings.addAll(of), samples);
  }

  /// The same, where the relabelings of users have been added.
  Struct closed(StructBuilder out, Monitor monitor, Relabelings relabelings, List<Struct> samples) {
    boolean enforced = prometheus.enforcesOn(monitor.resource().plural(), monitor.object());
    String label = spec().string("enforcedNamespaceLabel");
    Relabelings ofSamples =
        new Relabelings().addAll(scrapeClass(monitor).structs("metricRelabelings")).addAll(samples);
    if (enforced) {
      relabelings.set(label, monitor.namespace());
      ofSamples.set(label, monitor.namespace());
    }
    Limits.addTo(out, version, monitor.spec(), spec());
    addProtocols(out, monitor);
    return out.add("relabel_configs", relabelings.build())
        .addUnlessEmpty("metric_relabel_configs", ofSamples.build())
        .build();
  }

  /// What only later versions know.
  private void addProtocols(StructBuilder out, Monitor monitor) {
    Struct own = monitor.spec();
    if (version.isAtLeast(2, 49)) {
      out.addUnlessEmpty(
          "scrape_protocols",
          own.strings("scrapeProtocols").stream()
              .filter(each -> version.major() >= 3 || !each.equals("PrometheusText1.0.0"))
              .toList());
    }
    if (version.major() >= 3) {
      String fallback = own.string("fallbackScrapeProtocol");
      out.addUnlessEmpty(
          "fallback_scrape_protocol",
          fallback.isEmpty() ? scrapeClass(monitor).string("fallbackScrapeProtocol") : fallback);
    }
    if (version.isAtLeast(2, 45)) {
      out.addUnlessZero("native_histogram_bucket_limit", own.integer("nativeHistogramBucketLimit"));
    }
  }
}

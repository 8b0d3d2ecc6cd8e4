package dev.tiphys.monitoring.jobs;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;

/// A scrape configuration in the making.
///
/// Threads: one.
final class Job {

  private final String name;
  private final String path;
  private String more = "";
  private final List<Struct> relabelings = new ArrayList<>();
  private final List<Struct> sampleRelabelings = new ArrayList<>();
  private final StructBuilder settings = new StructBuilder();

  /// @param name what its series have as `job`
  /// @param path of the page
  Job(String name, String path) {
    this.name = name;
    this.path = path;
  }

  /// Tells entries for the same job and page apart.
  Job called(String where) {
    more = "/" + where;
    return this;
  }

  /// Sets anything else.
  Job with(String setting, Object value) {
    settings.add(setting, value);
    return this;
  }

  /// Leaves out targets but those whose labels match.
  ///
  /// @param labels whose values are joined by semicolons
  Job keep(String regex, String... labels) {
    relabelings.add(Struct.of("source_labels", List.of(labels), "regex", regex, "action", "keep"));
    return this;
  }

  /// Leaves out targets whose label matches.
  Job drop(String regex, String label) {
    relabelings.add(Struct.of("source_labels", List.of(label), "regex", regex, "action", "drop"));
    return this;
  }

  /// Gives targets a label with the value of another one.
  Job label(String name, String from) {
    relabelings.add(Struct.of("source_labels", List.of(from), "target_label", name));
    return this;
  }

  /// Gives targets whose label matches another label.
  Job labelIf(String regex, String from, String name, String value) {
    relabelings.add(
        new StructBuilder()
            .add("source_labels", List.of(from))
            .add("regex", regex)
            .add("target_label", name)
            .add("replacement", value)
            .build());
    return this;
  }

  /// Stores the samples of these families only, or of all others.
  ///
  /// @param action `keep` or `drop`
  Job samples(String action, String regex) {
    sampleRelabelings.add(
        Struct.of("source_labels", List.of("__name__"), "regex", regex, "action", action));
    return this;
  }

  /// The scrape configuration. Its own name says the page too: a job may be made of several.
  Struct build() {
    List<Struct> all = new ArrayList<>(relabelings);
    all.add(Struct.of("target_label", "job", "replacement", name));
    return new StructBuilder()
        .add("job_name", "cluster/" + name + path + more)
        .add("metrics_path", path)
        .addAll(settings.build())
        .add("relabel_configs", all)
        .addUnlessEmpty("metric_relabel_configs", sampleRelabelings)
        .build();
  }
}

package dev.tiphys.monitoring.config;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// A list of relabelings, which is filled in order.
final class Relabelings {

  private static final Pattern NO_LABEL = Pattern.compile("[^a-zA-Z0-9_]");
  private static final String META = "__meta_kubernetes_";

  private final List<Struct> rules = new ArrayList<>();

  /// Those that each job begins with.
  static Relabelings begun() {
    return new Relabelings().copy("job", "__tmp_prometheus_job_name");
  }

  List<Struct> build() {
    return List.copyOf(rules);
  }

  /// A name as labels can have it.
  static String sanitized(String name) {
    return NO_LABEL.matcher(name).replaceAll("_");
  }

  Relabelings add(Struct rule) {
    rules.add(rule);
    return this;
  }

  Relabelings keep(String regex, String... labels) {
    return filter("keep", regex, labels);
  }

  Relabelings drop(String regex, String... labels) {
    return filter("drop", regex, labels);
  }

  private Relabelings filter(String action, String regex, String... labels) {
    return add(Struct.of("action", action, "regex", regex, "source_labels", List.of(labels)));
  }

  Relabelings copy(String from, String to) {
    return add(Struct.of("source_labels", List.of(from), "target_label", to));
  }

  /// Copies a label that is not empty.
  Relabelings copyIfAny(String from, String to) {
    return replace("(.+)", "${1}", to, from);
  }

  Relabelings replace(String regex, String replacement, String to, String... from) {
    return add(
        new StructBuilder()
            .add("regex", regex)
            .add("replacement", replacement)
            .add("source_labels", List.of(from))
            .add("target_label", to)
            .build());
  }

  Relabelings set(String label, String value) {
    return add(Struct.of("replacement", value, "target_label", label));
  }

  /// Keeps what a label selector matches.
  ///
  /// @param of what has the labels: `service`, `pod`
  Relabelings select(String of, Struct selector) {
    Struct labels = selector.struct("matchLabels");
    for (String key : labels.names()) {
      keep("(" + labels.string(key) + ");true", label(of, key), present(of, key));
    }
    for (Struct each : selector.structs("matchExpressions")) {
      String key = each.string("key");
      String values = "(" + String.join("|", each.strings("values")) + ");true";
      switch (each.string("operator")) {
        case "In" -> keep(values, label(of, key), present(of, key));
        case "NotIn" -> drop(values, label(of, key), present(of, key));
        case "Exists" -> keep("true", present(of, key));
        default -> drop("true", present(of, key)); // DoesNotExist: others were rejected
      }
    }
    return this;
  }

  static String label(String of, String key) {
    return META + of + "_label_" + sanitized(key);
  }

  private static String present(String of, String key) {
    return META + of + "_labelpresent_" + sanitized(key);
  }

  /// Leaves out Pods that have ended, unless settings say otherwise.
  Relabelings running(Struct endpoint) {
    return endpoint.has("filterRunning") && !endpoint.bool("filterRunning")
        ? this
        : drop("(Failed|Succeeded)", META + "pod_phase");
  }

  /// Adds relabelings as objects have them.
  Relabelings addAll(List<Struct> given) {
    given.forEach(each -> add(of(each)));
    return this;
  }

  private static Struct of(Struct given) {
    StructBuilder rule =
        new StructBuilder()
            .addUnlessEmpty("source_labels", given.list("sourceLabels"))
            .addUnlessEmpty("target_label", given.string("targetLabel"))
            .addUnlessEmpty("regex", given.string("regex"))
            .addUnlessZero("modulus", given.integer("modulus"))
            .addUnlessEmpty("action", given.string("action").toLowerCase(Locale.ROOT));
    for (String each : List.of("separator", "replacement")) {
      if (given.has(each)) {
        rule.add(each, given.string(each));
      }
    }
    return rule.build();
  }
}

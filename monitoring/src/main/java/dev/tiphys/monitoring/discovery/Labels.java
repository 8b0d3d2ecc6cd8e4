package dev.tiphys.monitoring.discovery;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.regex.Pattern;

/// The labels that a target is told with, all of which begin alike.
final class Labels {

  private static final String META = "__meta_kubernetes_";
  private static final String APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final Pattern NO_LABEL = Pattern.compile("[^a-zA-Z0-9_]");

  private final StructBuilder all = new StructBuilder(32);

  static Labels of(Struct before) {
    Labels labels = new Labels();
    labels.all.addAll(before);
    return labels;
  }

  Labels add(String name, String value) {
    all.add(META + name, value);
    return this;
  }

  Labels addUnlessEmpty(String name, String value) {
    all.addUnlessEmpty(META + name, value);
    return this;
  }

  /// A label that is not about the cluster.
  Labels plain(String name, String value) {
    all.add(name, value);
    return this;
  }

  /// Labels that are made already.
  Labels plainAll(Struct more) {
    all.addAll(more);
    return this;
  }

  /// The labels and annotations of an object. The one that kubectl keeps the whole object in is
  /// left out.
  Labels ofObject(String what, Struct object) {
    texts(what + "_label", Meta.of(object).labels());
    texts(what + "_annotation", Meta.of(object).annotations().without(APPLIED));
    return this;
  }

  private void texts(String what, Struct texts) {
    for (String name : texts.names()) {
      String sanitized = NO_LABEL.matcher(name).replaceAll("_");
      add(what + "_" + sanitized, texts.string(name));
      add(what + "present_" + sanitized, "true");
    }
  }

  Struct build() {
    return all.build();
  }
}

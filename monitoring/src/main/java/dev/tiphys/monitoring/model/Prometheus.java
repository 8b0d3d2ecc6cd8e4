package dev.tiphys.monitoring.model;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.List;

/// A Prometheus object, with names.
///
/// @param object the whole object
public record Prometheus(Struct object) {

  /// The one that every cluster has once it has monitors.
  public static final ObjectKey DEFAULT = new ObjectKey("monitoring", "prometheus");

  private static final String USUAL_INTERVAL = "30s";

  public ObjectKey key() {
    return ObjectKey.of(object);
  }

  public Struct spec() {
    return object.struct("spec");
  }

  public boolean isPaused() {
    return spec().bool("paused");
  }

  public boolean isDefault() {
    return key().equals(DEFAULT);
  }

  /// How often is scraped where a monitor does not say.
  public String scrapeInterval() {
    return orUsual(spec().string("scrapeInterval"));
  }

  /// How often rules are evaluated where a group does not say.
  public String evaluationInterval() {
    return orUsual(spec().string("evaluationInterval"));
  }

  private static String orUsual(String interval) {
    return interval.isEmpty() ? USUAL_INTERVAL : interval;
  }

  /// The scrape class of a name, or else the one for all that name none; empty if there is neither.
  public Struct scrapeClass(String name) {
    List<Struct> all = spec().structs("scrapeClasses");
    return all.stream()
        .filter(each -> !name.isEmpty() && each.string("name").equals(name))
        .findFirst()
        .or(() -> all.stream().filter(each -> each.bool("default")).findFirst())
        .orElse(Struct.EMPTY);
  }

  /// The name of the service account that it sees the cluster as.
  public String serviceAccount() {
    String named = spec().string("serviceAccountName");
    if (!named.isEmpty()) {
      return named;
    }
    return isDefault() ? DEFAULT.name() : "default";
  }

  /// The Service that it is reached at.
  public ObjectKey service() {
    ObjectKey key = key();
    return isDefault() ? key : new ObjectKey(key.namespace(), "prometheus-" + key.name());
  }

  /// Whether the label of namespaces is enforced on what an object brings.
  ///
  /// @param plural of the object
  public boolean enforcesOn(String plural, Struct monitor) {
    Meta meta = Meta.of(monitor);
    return !spec().string("enforcedNamespaceLabel").isEmpty()
        && spec().structs("excludedFromEnforcement").stream()
            .noneMatch(
                each ->
                    each.string("resource").equals(plural)
                        && each.string("namespace").equals(meta.namespace())
                        && (each.string("name").isEmpty()
                            || each.string("name").equals(meta.name())));
  }
}

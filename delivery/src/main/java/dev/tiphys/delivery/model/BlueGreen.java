package dev.tiphys.delivery.model;

import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// A strategy with two full sizes, of which one serves, with defaults.
///
/// @param spec the field `blueGreen`
public record BlueGreen(Struct spec) {

  private static final long DEFAULT_DELAY = 30;

  public String activeService() {
    return spec.string("activeService");
  }

  /// Empty if there is none.
  public String previewService() {
    return spec.string("previewService");
  }

  private boolean promotesByItself() {
    return !spec.has("autoPromotionEnabled") || spec.bool("autoPromotionEnabled");
  }

  /// After how many seconds a pause ends by itself; 0 if it takes a person.
  public long autoPromotionSeconds() {
    return promotesByItself() ? spec.integer("autoPromotionSeconds") : 0;
  }

  /// Whether an update waits before it is promoted.
  public boolean pauses() {
    return !promotesByItself() || autoPromotionSeconds() > 0;
  }

  /// How many Pods a preview has; null for all.
  public @Nullable Long previewReplicas() {
    return spec.has("previewReplicaCount")
        ? Long.valueOf(spec.integer("previewReplicaCount"))
        : null;
  }

  public long scaleDownDelaySeconds() {
    return number("scaleDownDelaySeconds");
  }

  /// For how many old revisions there is a delay; null for all.
  public @Nullable Long scaleDownDelayRevisions() {
    return spec.has("scaleDownDelayRevisionLimit")
        ? Long.valueOf(spec.integer("scaleDownDelayRevisionLimit"))
        : null;
  }

  /// How long the preview of an aborted update lives on; 0 for ever.
  public long abortScaleDownDelaySeconds() {
    return number("abortScaleDownDelaySeconds");
  }

  long maxUnavailable(long replicas) {
    Object limit = spec.get("maxUnavailable");
    return Math.min(replicas, Amounts.roundedDown(limit == null ? "25%" : limit, replicas));
  }

  /// Empty if there is none.
  public Struct prePromotionAnalysis() {
    return spec.struct("prePromotionAnalysis");
  }

  /// Empty if there is none.
  public Struct postPromotionAnalysis() {
    return spec.struct("postPromotionAnalysis");
  }

  public Struct previewMetadata() {
    return spec.struct("previewMetadata");
  }

  public Struct activeMetadata() {
    return spec.struct("activeMetadata");
  }

  private long number(String name) {
    return spec.has(name) ? spec.integer(name) : DEFAULT_DELAY;
  }
}

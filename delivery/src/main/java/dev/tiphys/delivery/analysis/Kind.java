package dev.tiphys.delivery.analysis;

import dev.tiphys.delivery.model.StatusDraft;
import dev.tiphys.object.Struct;

/// What an analysis is asked for.
public enum Kind {
  /// A step of a canary waits for it.
  STEP("Step", "Step-based analysis", "canary", "currentStepAnalysisRunStatus"),
  /// It goes on beside the steps of a canary.
  BACKGROUND("Background", "Background analysis", "canary", "currentBackgroundAnalysisRunStatus"),
  /// The preview is not promoted before it is successful.
  PRE_PROMOTION(
      "PrePromotion",
      "Blue/green pre-promotion analysis",
      "blueGreen",
      "prePromotionAnalysisRunStatus"),
  /// What was promoted is taken back if it fails.
  POST_PROMOTION(
      "PostPromotion",
      "Blue/green post-promotion analysis",
      "blueGreen",
      "postPromotionAnalysisRunStatus");

  private final String label;
  private final String text;
  private final String strategy;
  private final String field;

  Kind(String label, String text, String strategy, String field) {
    this.label = label;
    this.text = text;
    this.strategy = strategy;
    this.field = field;
  }

  /// The value of the label `rollout-type`.
  String label() {
    return label;
  }

  /// As messages name it.
  String text() {
    return text;
  }

  /// What the Rollout's status tells of its run: name, status, message.
  Struct noted(StatusDraft status) {
    return status.now().struct(strategy, field);
  }

  void note(StatusDraft status, Struct run) {
    status.set(run.isEmpty() ? null : run, strategy, field);
  }

  /// What ends the names of its runs.
  String suffix(StatusDraft status) {
    return switch (this) {
      case STEP -> "-" + status.stepIndex();
      case BACKGROUND -> "";
      case PRE_PROMOTION -> "-pre";
      case POST_PROMOTION -> "-post";
    };
  }
}

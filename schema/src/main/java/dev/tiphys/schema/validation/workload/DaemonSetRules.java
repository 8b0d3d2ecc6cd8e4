package dev.tiphys.schema.validation.workload;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.SelectorRules;
import dev.tiphys.schema.validation.ShareRules;
import dev.tiphys.schema.validation.pod.PodRules;
import java.util.List;

/// Rules for DaemonSets, and for the revisions that they and StatefulSets keep.
public final class DaemonSetRules {

  private DaemonSetRules() {}

  public static void create(FieldValue set) {
    FieldValue spec = set.at("spec");
    FieldValue selector = spec.at("selector");
    int errors = set.errors().size();
    SelectorRules.selector(selector);
    if (set.errors().size() == errors) {
      WorkloadRules.labelsMatch(spec);
    }
    WorkloadRules.notEmpty(selector, "daemonset");
    PodRules.template(spec.at("template"));
    WorkloadRules.runsOn(spec.at("template"), "DaemonSet");
    spec.at("minReadySeconds").mustNotBeNegative();
    strategy(spec.at("updateStrategy"));
    spec.at("revisionHistoryLimit").mustNotBeNegative();
  }

  public static void update(FieldValue now, Struct before) {
    create(now);
    WorkloadRules.selectorStays(now, before);
  }

  private static void strategy(FieldValue strategy) {
    switch (strategy.at("type").string()) {
      case "OnDelete" -> {}
      case "RollingUpdate" -> {
        FieldValue update = strategy.at("rollingUpdate");
        if (update.isSet()) {
          steps(update);
        } else {
          update.required();
        }
      }
      default ->
          strategy.notSupportedText(
              GoText.struct(strategy.value(), "io.k8s.api.apps.v1.DaemonSetUpdateStrategy"),
              List.of("RollingUpdate", "OnDelete"));
    }
  }

  private static void steps(FieldValue update) {
    FieldValue unavailable = update.at("maxUnavailable");
    FieldValue surge = update.at("maxSurge");
    ShareRules.share(unavailable);
    ShareRules.share(surge);
    ShareRules.atMostAll(unavailable);
    ShareRules.atMostAll(surge);
    boolean away = ShareRules.value(unavailable) != 0;
    boolean more = ShareRules.value(surge) != 0;
    if (away && more) {
      surge.invalid("may not be set when maxUnavailable is non-zero");
    } else if (!away && !more) {
      unavailable.required("cannot be 0 when maxSurge is 0");
    }
  }

  public static void status(FieldValue now, Struct before) {
    WorkloadRules.counts(
        now,
        "currentNumberScheduled",
        "numberMisscheduled",
        "desiredNumberScheduled",
        "numberReady",
        "observedGeneration",
        "updatedNumberScheduled",
        "numberAvailable",
        "numberUnavailable",
        "collisionCount");
    WorkloadRules.collisionsStay(now, before);
  }

  public static void revision(FieldValue revision) {
    revision.at("revision").mustNotBeNegative();
    FieldValue data = revision.at("data");
    if (!data.isSet()) {
      data.required("data is mandatory");
    } else if (!(data.value() instanceof Struct)) {
      data.required("data must be a valid JSON object");
    }
  }

  public static void revisionUpdate(FieldValue now, Struct before) {
    now.at("revision").mustNotBeNegative();
    now.at("data").mustEqual(before.get("data"));
  }
}

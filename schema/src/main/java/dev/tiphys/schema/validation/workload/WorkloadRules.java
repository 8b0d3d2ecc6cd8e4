package dev.tiphys.schema.validation.workload;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.SelectorRules;
import dev.tiphys.schema.validation.ShareRules;
import dev.tiphys.schema.validation.pod.PodRules;
import java.util.List;

/// Rules for the kinds that keep a number of equal Pods running: Deployments, ReplicaSets and
/// ReplicationControllers. What the others have in common with them is here too.
public final class WorkloadRules {

  private static final String OVER_REPLICAS = "cannot be greater than status.replicas";
  private static final List<String> ALWAYS = List.of("Always");

  private WorkloadRules() {}

  public static void deployment(FieldValue deployment) {
    FieldValue spec = deployment.at("spec");
    spec.at("replicas").mustNotBeNegative();
    replicaSetTemplate(spec);
    deploymentStrategy(spec.at("strategy"));
    spec.at("minReadySeconds").mustNotBeNegative();
    spec.at("revisionHistoryLimit").mustNotBeNegative();
    FieldValue deadline = spec.at("progressDeadlineSeconds");
    if (deadline.isSet()) {
      deadline.mustNotBeNegative();
      if (deadline.integer() <= spec.at("minReadySeconds").integer()) {
        deadline.invalid("must be greater than minReadySeconds");
      }
    }
  }

  public static void deploymentUpdate(FieldValue now, Struct before) {
    deployment(now);
    selectorStays(now, before);
  }

  private static void deploymentStrategy(FieldValue strategy) {
    FieldValue update = strategy.at("rollingUpdate");
    switch (strategy.at("type").string()) {
      case "Recreate" ->
          update.mustNotBeSet("may not be specified when strategy `type` is 'Recreate'");
      case "RollingUpdate" -> {
        if (update.isSet()) {
          deploymentSteps(update);
        } else {
          update.required("this should be defaulted and never be nil");
        }
      }
      default ->
          strategy.notSupportedText(
              GoText.struct(strategy.value(), "io.k8s.api.apps.v1.DeploymentStrategy"),
              List.of("Recreate", "RollingUpdate"));
    }
  }

  private static void deploymentSteps(FieldValue update) {
    FieldValue unavailable = update.at("maxUnavailable");
    FieldValue surge = update.at("maxSurge");
    ShareRules.share(unavailable);
    ShareRules.share(surge);
    if (ShareRules.value(unavailable) == 0 && ShareRules.value(surge) == 0) {
      unavailable.invalid("may not be 0 when `maxSurge` is 0");
    }
    ShareRules.atMostAll(unavailable);
  }

  public static void replicaSet(FieldValue set) {
    FieldValue spec = set.at("spec");
    spec.at("replicas").mustNotBeNegative();
    spec.at("minReadySeconds").mustNotBeNegative();
    replicaSetTemplate(spec);
  }

  public static void replicaSetUpdate(FieldValue now, Struct before) {
    replicaSet(now);
    selectorStays(now, before);
  }

  private static void replicaSetTemplate(FieldValue spec) {
    if (selects(spec, "deployment", "invalid label selector")) {
      labelsMatch(spec);
      PodRules.template(spec.at("template"));
      runsOn(spec.at("template"), "ReplicaSet");
    }
  }

  public static void controller(FieldValue controller) {
    FieldValue spec = controller.at("spec");
    spec.at("minReadySeconds").mustNotBeNegative();
    Struct selector = spec.at("selector").struct();
    if (selector.isEmpty()) {
      spec.at("selector").required();
    }
    FieldValue replicas = spec.at("replicas");
    if (replicas.mustBeSet()) {
      replicas.mustNotBeNegative();
    }
    FieldValue template = spec.at("template");
    if (!template.isSet()) {
      template.required();
      return;
    }
    Struct labels = template.at("metadata", "labels").struct();
    if (!selector.names().stream().allMatch(key -> selector.string(key).equals(labels.get(key)))) {
      mismatch(template);
    }
    PodRules.template(template);
    runsOn(template, "ReplicationController");
  }

  /// The selector is there and sound.
  ///
  /// @param kind what the kind calls itself when its selector is empty
  /// @param unsound what is said besides where it is not sound
  static boolean selects(FieldValue spec, String kind, String unsound) {
    FieldValue selector = spec.at("selector");
    if (!selector.isSet()) {
      selector.required();
      return true;
    }
    int errors = selector.errors().size();
    SelectorRules.selector(selector);
    boolean sound = selector.errors().size() == errors;
    notEmpty(selector, kind);
    if (!sound) {
      selector.invalidText(GoText.struct(selector.value(), SelectorRules.TYPE), unsound);
    }
    return sound;
  }

  static void notEmpty(FieldValue selector, String kind) {
    if (selector.isSet() && selector.struct().isEmpty()) {
      selector.invalid("empty selector is invalid for " + kind);
    }
  }

  /// Pods made of the template are found by the selector.
  static void labelsMatch(FieldValue spec) {
    FieldValue selector = spec.at("selector");
    Struct labels = spec.at("template", "metadata").at("labels").struct();
    if (!selector.isSet() || !SelectorRules.isMatchedBy(selector.struct(), labels)) {
      mismatch(spec.at("template"));
    }
  }

  private static void mismatch(FieldValue template) {
    template.at("metadata", "labels").invalid("`selector` does not match template `labels`");
  }

  /// Pods that are to be there all the time.
  static void runsOn(FieldValue template, String kind) {
    template.at("spec", "restartPolicy").mustBeOneOf(ALWAYS);
    template
        .at("spec", "activeDeadlineSeconds")
        .mustNotBeSet("activeDeadlineSeconds in " + kind + " is not Supported");
  }

  static void selectorStays(FieldValue now, Struct before) {
    now.at("spec", "selector").mustEqual(before.get("spec", "selector"), SelectorRules.TYPE);
  }

  public static void deploymentStatus(FieldValue now, Struct before) {
    counts(
        now,
        "observedGeneration",
        "replicas",
        "updatedReplicas",
        "readyReplicas",
        "availableReplicas",
        "unavailableReplicas",
        "terminatingReplicas",
        "collisionCount");
    withinReplicas(now, "updatedReplicas", "readyReplicas", "availableReplicas");
    availableAreReady(now, "readyReplicas");
    collisionsStay(now, before);
  }

  public static void replicaSetStatus(FieldValue now, Struct before) {
    controllerStatus(now, before);
    counts(now, "terminatingReplicas");
  }

  public static void controllerStatus(FieldValue now, Struct before) {
    counts(
        now,
        "replicas",
        "fullyLabeledReplicas",
        "readyReplicas",
        "availableReplicas",
        "observedGeneration");
    withinReplicas(now, "fullyLabeledReplicas", "readyReplicas", "availableReplicas");
    availableAreReady(now, "readyReplicas");
  }

  static void counts(FieldValue object, String... fields) {
    for (String field : fields) {
      object.at("status", field).mustNotBeNegative();
    }
  }

  static void withinReplicas(FieldValue object, String... fields) {
    FieldValue status = object.at("status");
    for (String field : fields) {
      if (status.at(field).integer() > status.at("replicas").integer()) {
        status.at(field).invalid(OVER_REPLICAS);
      }
    }
  }

  /// @param ready what the message calls the number of those that are ready
  static void availableAreReady(FieldValue object, String ready) {
    FieldValue status = object.at("status");
    FieldValue available = status.at("availableReplicas");
    if (available.integer() > status.at("readyReplicas").integer()) {
      available.invalid("cannot be greater than " + ready);
    }
  }

  static void collisionsStay(FieldValue now, Struct before) {
    FieldValue count = now.at("status", "collisionCount");
    boolean had = before.has("status", "collisionCount");
    if (had && (!count.isSet() || count.integer() < before.integer("status", "collisionCount"))) {
      count.invalid(count.integer(), "cannot be decremented");
    }
  }

  /// The number of replicas, by way of the subresource that all of these kinds share.
  public static void scale(FieldValue scale) {
    scale.at("spec", "replicas").mustNotBeNegative();
  }
}

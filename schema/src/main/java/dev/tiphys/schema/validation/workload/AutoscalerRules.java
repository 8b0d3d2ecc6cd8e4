package dev.tiphys.schema.validation.workload;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.ReferenceRules;
import dev.tiphys.schema.validation.ResourceNames;
import java.util.List;

/// Rules for HorizontalPodAutoscalers.
public final class AutoscalerRules {

  private static final int LONGEST_WINDOW = 3600;
  private static final int LONGEST_PERIOD = 1800;

  private AutoscalerRules() {}

  public static void create(FieldValue autoscaler) {
    FieldValue spec = autoscaler.at("spec");
    boolean isController = spec.at("scaleTargetRef", "kind").is("ReplicationController");
    spec(spec, 1, isController ? Group.ANY : Group.NAMED);
  }

  /// The older kind knows one metric only.
  public static void createOld(FieldValue autoscaler) {
    create(autoscaler);
    share(autoscaler);
  }

  public static void updateOld(FieldValue now, Struct before) {
    update(now, before);
    share(now);
  }

  private static void share(FieldValue autoscaler) {
    FieldValue share = autoscaler.at("spec", "targetCPUUtilizationPercentage");
    if (share.isSet()) {
      MetricRules.utilization(
          autoscaler
              .at("spec", "metrics")
              .shownAt(0)
              .at("resource", "target")
              .at("averageUtilization")
              .holding(share.value()));
    }
  }

  public static void update(FieldValue now, Struct before) {
    FieldValue spec = now.at("spec");
    Struct old = before.struct("spec");
    boolean wasZero = old.has("minReplicas") && old.integer("minReplicas") == 0;
    Struct target = spec.at("scaleTargetRef").struct();
    Struct oldTarget = old.struct("scaleTargetRef");
    boolean sameKind =
        target.string("apiVersion").equals(oldTarget.string("apiVersion"))
            && target.string("kind").equals(oldTarget.string("kind"));
    boolean isController = target.string("kind").equals("ReplicationController");
    spec(
        spec, wasZero ? 0 : 1, sameKind ? Group.UNCHECKED : isController ? Group.ANY : Group.NAMED);
  }

  /// What is asked of a version of an API.
  enum Group {
    NAMED,
    ANY,
    UNCHECKED
  }

  private static void spec(FieldValue spec, int fewest, Group group) {
    FieldValue least = spec.at("minReplicas");
    FieldValue most = spec.at("maxReplicas");
    if (least.isSet() && least.integer() < fewest) {
      least.invalid("must be greater than or equal to " + fewest);
    }
    if (most.integer() == 0) {
      most.required("must be set and greater than 0");
    } else if (most.integer() < 0) {
      most.invalid("must be greater than or equal to 1");
    }
    if (least.isSet() && most.integer() < least.integer()) {
      most.invalid(most.integer(), "must be greater than or equal to `minReplicas`");
    }
    reference(spec.at("scaleTargetRef"), group);
    MetricRules.metrics(spec.at("metrics"), least.isSet() && least.integer() == 0);
    scaling(spec.at("behavior", "scaleUp"));
    scaling(spec.at("behavior", "scaleDown"));
  }

  static void reference(FieldValue reference, Group group) {
    ReferenceRules.kindAndName(reference);
    FieldValue version = reference.at("apiVersion");
    String text = version.string();
    int slash = text.indexOf('/');
    if (group == Group.UNCHECKED) {
      return;
    }
    if (slash != text.lastIndexOf('/')) {
      version.invalid(text, "unexpected GroupVersion string: " + text);
    } else if (group == Group.NAMED && slash <= 0) {
      version.invalid(text, "apiVersion must specify API group");
    }
  }

  private static void scaling(FieldValue rules) {
    if (!rules.isSet()) {
      return;
    }
    FieldValue window = rules.at("stabilizationWindowSeconds");
    if (window.integer() < 0) {
      window.invalid("must be greater than or equal to zero");
    }
    atMost(window, LONGEST_WINDOW);
    rules.at("selectPolicy").mayBeOneOf(List.of("Disabled", "Max", "Min"));
    FieldValue policies = rules.at("policies");
    policies.mustBeSet("must specify at least one Policy");
    for (FieldValue policy : policies.items()) {
      policy.at("type").mustBeOneOf(List.of("Percent", "Pods"));
      positive(policy.at("value"));
      positive(policy.at("periodSeconds"));
      atMost(policy.at("periodSeconds"), LONGEST_PERIOD);
    }
    if (rules.at("tolerance").isSet()) {
      ResourceNames.amount(rules.at("tolerance"), "cpu");
    }
  }

  private static void positive(FieldValue number) {
    if (number.integer() <= 0) {
      number.invalid(number.integer(), "must be greater than zero");
    }
  }

  private static void atMost(FieldValue number, int most) {
    if (number.integer() > most) {
      number.invalid("must be less than or equal to " + most);
    }
  }

  public static void status(FieldValue now, Struct before) {
    WorkloadRules.counts(now, "currentReplicas", "desiredReplicas");
  }
}

package dev.tiphys.delivery.validation;

import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.replicasets.Templates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.schema.DecodingException;
import dev.tiphys.schema.defaults.Defaults;
import dev.tiphys.schema.rules.Validation;
import dev.tiphys.schema.validation.FieldErrors;

/// What a Rollout alone tells, whatever its strategy. Pure.
///
/// @param rollout with the template of the workload that it refers to, if it refers to one
/// @param given as it was written
record RolloutRules(Rollout rollout, Rollout given, Problems problems) {

  private static final String MISSING = "Rollout has missing field '%s'";

  void check() {
    Struct spec = rollout.spec();
    if (spec.integer("replicas") < 0) {
      problems.invalid(
          "spec.replicas", spec.integer("replicas"), "must be greater than or equal to 0");
    }
    if (!rollout.workloadRef().isEmpty() && given.spec().has("template", "spec")) {
      problems.invalid(
          "spec.workloadRef",
          rollout.workloadRef(),
          "template must be empty for workload reference rollout");
    }
    selector(spec);
    template(spec);
    if (rollout.progressDeadlineSeconds() <= rollout.minReadySeconds()) {
      problems.invalid(
          "spec.progressDeadlineSeconds",
          rollout.progressDeadlineSeconds(),
          "must be greater than minReadySeconds");
    }
    if (rollout.isBlueGreen() == rollout.isCanary()) {
      if (rollout.isBlueGreen()) {
        problems.invalid(
            "spec.strategy", spec.struct("strategy"), "Multiple Strategies can not be listed");
      } else {
        problems.required(
            "spec.strategy",
            MISSING.formatted(".spec.strategy.canary or .spec.strategy.blueGreen"));
      }
    }
  }

  private void selector(Struct spec) {
    if (!spec.has("selector")) {
      problems.required("spec.selector", MISSING.formatted(".spec.selector"));
      return;
    }
    try {
      LabelSelector selector = rollout.selector();
      if (selector.matchesEverything()) {
        problems.invalid(
            "spec.selector", spec.struct("selector"), "empty selector is invalid for deployment");
      } else if (!selector.matches(spec.struct("template", "metadata", "labels"))) {
        problems.invalid(
            "spec.template.metadata.labels",
            spec.struct("template", "metadata", "labels"),
            "`selector` does not match template `labels`");
      }
    } catch (IllegalArgumentException e) {
      problems.invalid("spec.selector", spec.struct("selector"), "invalid label selector");
    }
  }

  /// As the ReplicaSet's would be, which is made of it.
  private void template(Struct spec) {
    Struct replicaSet =
        new StructBuilder()
            .add("apiVersion", ApiResource.REPLICA_SETS.apiVersion())
            .add("kind", ApiResource.REPLICA_SETS.kind())
            .add("metadata", Struct.of("name", rollout.name(), "namespace", rollout.namespace()))
            .add(
                "spec",
                Struct.of("selector", spec.struct("selector"), "template", spec.struct("template")))
            .build();
    try {
      Struct whole =
          Defaults.apply(
              Templates.replicaSets(), Templates.replicaSets().schema().normalize(replicaSet));
      FieldErrors errors = Validation.create(Templates.replicaSets(), whole);
      problems.addAll(errors);
    } catch (DecodingException e) {
      problems.invalid("spec.template", "", String.valueOf(e.getMessage()));
    }
  }
}

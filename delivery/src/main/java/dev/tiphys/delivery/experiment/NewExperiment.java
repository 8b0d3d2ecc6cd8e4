package dev.tiphys.delivery.experiment;

import dev.tiphys.delivery.analysis.Arguments;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.delivery.replicasets.Templates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;

/// The Experiment that a step of a canary makes.
///
/// @param stable the version that `specRef: stable` means
/// @param step the step
record NewExperiment(Pass pass, ReplicaSet stable, Struct step) {

  /// The name that it has if no other has it.
  static String name(Pass pass) {
    return "%s-%s-%d-%d"
        .formatted(
            pass.rollout().name(),
            pass.newest().hash(),
            pass.newest().revision(),
            pass.status().stepIndex());
  }

  Struct object() {
    StructBuilder spec =
        new StructBuilder()
            .addUnlessEmpty("duration", step.string("duration"))
            .add("progressDeadlineSeconds", pass.rollout().progressDeadlineSeconds())
            .addUnlessEmpty("dryRun", step.list("dryRun"))
            .addUnlessEmpty("analysisRunMetadata", step.struct("analysisRunMetadata"))
            .add("templates", step.structs("templates").stream().map(this::template).toList())
            .addUnlessEmpty(
                "analyses", step.structs("analyses").stream().map(this::analysis).toList());
    if (step.has("scaleDownDelaySeconds")) {
      spec.add("scaleDownDelaySeconds", step.integer("scaleDownDelaySeconds"));
    }
    return new StructBuilder()
        .add("apiVersion", DeliveryResources.EXPERIMENTS.apiVersion())
        .add("kind", DeliveryResources.EXPERIMENTS.kind())
        .add("metadata", metadata())
        .add("spec", spec.build())
        .build();
  }

  private Struct metadata() {
    return new StructBuilder()
        .add("name", name(pass))
        .add("namespace", pass.rollout().namespace())
        .add("labels", pass.rollout().meta().labels().with(Labels.HASH, pass.newest().hash()))
        .add("annotations", Struct.of(Labels.REVISION, Long.toString(pass.newest().revision())))
        .add("ownerReferences", List.of(pass.rollout().meta().asController()))
        .build();
  }

  private Struct template(Struct given) {
    ReplicaSet version = given.string("specRef").equals("stable") ? stable : pass.newest();
    Struct pods = Templates.original(version);
    Struct selector =
        given.has("selector")
            ? given.struct("selector")
            : version.object().struct("spec", "selector").withoutAt("matchLabels", Labels.HASH);
    Struct labels = given.struct("metadata", "labels");
    for (String key : labels.names()) {
      pods = pods.withAt(labels.string(key), "metadata", "labels", key);
      selector = selector.withAt(labels.string(key), "matchLabels", key);
    }
    Struct annotations = given.struct("metadata", "annotations");
    for (String key : annotations.names()) {
      pods = pods.withAt(annotations.string(key), "metadata", "annotations", key);
    }
    StructBuilder template =
        new StructBuilder()
            .add("name", given.string("name"))
            .add("selector", selector)
            .add("template", pods);
    if (given.has("replicas")) {
      template.add("replicas", given.integer("replicas"));
    }
    if (given.has("weight") || given.has("service")) {
      template.add("service", given.struct("service"));
    }
    long ready = version.object().integer("spec", "minReadySeconds");
    return (ready > 0 ? template.add("minReadySeconds", ready) : template).build();
  }

  private Struct analysis(Struct given) {
    StructBuilder analysis = new StructBuilder();
    for (String field : List.of("name", "templateName", "clusterScope", "requiredForCompletion")) {
      Object value = given.get(field);
      if (value != null) {
        analysis.add(field, value);
      }
    }
    List<Struct> arguments = new ArrayList<>(new Arguments(pass).resolved(given, List.of()));
    return analysis.addUnlessEmpty("args", arguments).build();
  }
}

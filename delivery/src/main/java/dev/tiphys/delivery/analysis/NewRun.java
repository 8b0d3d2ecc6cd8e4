package dev.tiphys.delivery.analysis;

import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.List;
import java.util.stream.Stream;

/// The AnalysisRun that a Rollout makes: the metrics of its templates, and the arguments.
///
/// @param pass the look
/// @param analysis templates and arguments, as the Rollout has them
record NewRun(Pass pass, Kind kind, Struct analysis) {

  Struct object() {
    Templates templates = Templates.of(pass.tools().api(), pass.rollout().namespace(), analysis);
    Struct spec =
        new StructBuilder()
            .add("metrics", templates.metrics())
            .addUnlessEmpty("args", new Arguments(pass).resolved(analysis, templates.arguments()))
            .addUnlessEmpty("dryRun", joined(templates.dryRuns(), analysis.structs("dryRun")))
            .addUnlessEmpty(
                "measurementRetention",
                joined(templates.retentions(), analysis.structs("measurementRetention")))
            .build();
    return new StructBuilder()
        .add("apiVersion", DeliveryResources.ANALYSIS_RUNS.apiVersion())
        .add("kind", DeliveryResources.ANALYSIS_RUNS.kind())
        .add("metadata", metadata())
        .add("spec", spec)
        .build();
  }

  private Struct metadata() {
    String hash = pass.newest().hash();
    String name =
        pass.rollout().name()
            + "-"
            + hash
            + "-"
            + pass.newest().revision()
            + kind.suffix(pass.status());
    Struct given = analysis.struct("analysisRunMetadata");
    StructBuilder labels =
        StructBuilder.from(given.struct("labels"))
            .add(Labels.HASH, hash)
            .add("rollout-type", kind.label());
    if (kind == Kind.STEP) {
      labels.add("step-index", Long.toString(pass.status().stepIndex()));
    }
    Struct annotations =
        StructBuilder.from(given.struct("annotations"))
            .add(Labels.REVISION, Long.toString(pass.newest().revision()))
            .build();
    return new StructBuilder()
        .add("name", name)
        .add("namespace", pass.rollout().namespace())
        .add("labels", labels.build())
        .add("annotations", annotations)
        .add("ownerReferences", List.of(pass.rollout().meta().asController()))
        .build();
  }

  private static List<Struct> joined(List<Struct> one, List<Struct> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }
}

package dev.tiphys.delivery.experiment;

import dev.tiphys.client.PatchType;
import dev.tiphys.delivery.analysis.Templates;
import dev.tiphys.delivery.measuring.Placeholders;
import dev.tiphys.delivery.model.AnalysisPhase;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.delivery.model.Refusal;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A look at one analysis of an Experiment: its AnalysisRun, and how that stands.
record AnalysisLook(Surroundings around, Experiment experiment, Struct analysis) {

  private String name() {
    return analysis.string("name");
  }

  /// Does what is due, and tells how the analysis stands; an empty struct if nothing is to be told.
  Struct status() {
    Struct before = experiment.analysisStatus(name());
    Struct next;
    try {
      next = status(before);
    } catch (ApiException e) {
      Refusal.orThrow(e);
      next = bad(before, e.message());
    } catch (IllegalArgumentException e) {
      next = bad(before, String.valueOf(e.getMessage()));
    }
    String from = before.string("phase");
    String to = next.string("phase");
    if (!to.isEmpty() && !to.equals(from)) {
      tell(from, to, next.string("message"));
    }
    return next;
  }

  private Struct bad(Struct before, String why) {
    String message =
        before.has("analysisRun")
            ? why
            : "Failed to create AnalysisRun for analysis '%s': %s".formatted(name(), why);
    return stated(before.string("analysisRun"), AnalysisPhase.ERROR.text(), message);
  }

  private Struct status(Struct before) {
    String run = before.string("analysisRun");
    if (AnalysisPhase.isComplete(before.string("phase"))) {
      return before;
    }
    if (run.isEmpty()) {
      if (experiment.availableAt() == null || experiment.isEnding()) {
        return before;
      }
      return stated(Meta.of(create()).name(), AnalysisPhase.PENDING.text(), "");
    }
    Struct present = find(run);
    if (experiment.isEnding()) {
      terminate(present);
    }
    String phase = present.string("status", "phase");
    return stated(
        run,
        phase.isEmpty() ? AnalysisPhase.PENDING.text() : phase,
        present.string("status", "message"));
  }

  private Struct stated(String run, String phase, String message) {
    return new StructBuilder()
        .add("name", name())
        .addUnlessEmpty("analysisRun", run)
        .add("phase", phase)
        .addUnlessEmpty("message", message)
        .build();
  }

  private Struct find(String run) {
    String namespace = experiment.meta().namespace();
    Struct known = around.runs().find(namespace, run);
    return known != null
        ? known
        : around.api().get(DeliveryResources.ANALYSIS_RUNS, namespace, run);
  }

  private void terminate(Struct run) {
    if (AnalysisPhase.isComplete(run.string("status", "phase")) || run.bool("spec", "terminate")) {
      return;
    }
    Meta meta = Meta.of(run);
    around
        .events()
        .normal(
            experiment.object(),
            "AnalysisRunTerminating",
            "Terminating " + name() + " (" + meta.name() + ")");
    Struct _ =
        around
            .api()
            .patch(
                DeliveryResources.ANALYSIS_RUNS,
                meta.namespace(),
                meta.name(),
                "",
                PatchType.MERGE,
                Struct.of("spec", Struct.of("terminate", true)));
  }

  private void tell(String from, String to, String message) {
    AnalysisPhase phase = AnalysisPhase.of(to);
    String text =
        "AnalysisRun '%s' transitioned from %s -> %s".formatted(name(), from, to)
            + (message.isEmpty() ? "" : ": " + message);
    if (phase != null && phase.isBad()) {
      around.events().warning(experiment.object(), "AnalysisRun" + to, text);
    } else {
      around.events().normal(experiment.object(), "AnalysisRun" + to, text);
    }
  }

  /// A run under the first name that is free. One that is there already, is ours and has not ended
  /// was made by a look that could not note it.
  private Struct create() {
    Struct wanted = run();
    String base = Meta.of(wanted).name();
    for (int i = 0; ; i++) {
      String name = i == 0 ? base : base + "." + i;
      try {
        return around
            .api()
            .create(DeliveryResources.ANALYSIS_RUNS, wanted.withAt(name, "metadata", "name"));
      } catch (ApiException e) {
        if (!e.is(Reason.ALREADY_EXISTS)) {
          throw e;
        }
      }
      Struct present =
          around.api().find(DeliveryResources.ANALYSIS_RUNS, experiment.meta().namespace(), name);
      if (present != null
          && Meta.of(present).isControlledBy(experiment.meta().uid())
          && !AnalysisPhase.isComplete(present.string("status", "phase"))
          && !present.bool("spec", "terminate")) {
        return present;
      }
    }
  }

  private Struct run() {
    Meta owner = experiment.meta();
    Struct reference =
        Struct.of(
            "templateName",
            analysis.string("templateName"),
            "clusterScope",
            analysis.bool("clusterScope"));
    Templates templates =
        Templates.of(around.api(), owner.namespace(), Struct.of("templates", List.of(reference)));
    Struct spec = experiment.spec();
    List<Struct> dryRuns = new ArrayList<>(templates.dryRuns());
    dryRuns.addAll(spec.structs("dryRun"));
    List<Struct> retentions = new ArrayList<>(templates.retentions());
    retentions.addAll(spec.structs("measurementRetention"));
    Struct metadata =
        new StructBuilder()
            .add("name", owner.name() + "-" + name())
            .add("namespace", owner.namespace())
            .addUnlessEmpty("labels", spec.struct("analysisRunMetadata", "labels"))
            .addUnlessEmpty("annotations", spec.struct("analysisRunMetadata", "annotations"))
            .add("ownerReferences", List.of(owner.asController()))
            .build();
    return new StructBuilder()
        .add("apiVersion", DeliveryResources.ANALYSIS_RUNS.apiVersion())
        .add("kind", DeliveryResources.ANALYSIS_RUNS.kind())
        .add("metadata", metadata)
        .add(
            "spec",
            new StructBuilder()
                .add("metrics", templates.metrics())
                .addUnlessEmpty("args", arguments(templates.arguments()))
                .addUnlessEmpty("dryRun", dryRuns)
                .addUnlessEmpty("measurementRetention", retentions)
                .build())
        .build();
  }

  private List<Struct> arguments(List<Struct> parameters) {
    Placeholders placeholders = new Placeholders(known());
    Map<String, Struct> all = new LinkedHashMap<>();
    parameters.forEach(parameter -> all.put(parameter.string("name"), parameter));
    for (Struct argument : analysis.structs("args")) {
      all.put(argument.string("name"), placeholders.resolved(argument));
    }
    return List.copyOf(all.values());
  }

  /// What arguments may name of the Experiment.
  private Map<String, String> known() {
    Map<String, String> known = new HashMap<>();
    note(known, "experiment.availableAt", experiment.availableAt());
    note(known, "experiment.finishedAt", experiment.end());
    for (Struct object : around.setsByOwner().with(experiment.meta().uid())) {
      ReplicaSet set = new ReplicaSet(object);
      String prefix = "templates." + set.meta().annotation(Experiment.TEMPLATE);
      known.put(prefix + ".podTemplateHash", set.hash());
      known.put(prefix + ".replicaset.name", set.name());
    }
    return known;
  }

  private static void note(Map<String, String> known, String name, @Nullable Instant moment) {
    if (moment != null) {
      known.put(name, Timestamps.seconds(moment));
    }
  }
}

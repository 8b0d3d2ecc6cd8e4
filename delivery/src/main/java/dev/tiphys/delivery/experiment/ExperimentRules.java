package dev.tiphys.delivery.experiment;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What is wrong with an Experiment. Pure.
final class ExperimentRules {

  private ExperimentRules() {}

  /// The first problem; empty if there is none.
  static String problem(Experiment experiment) {
    Set<String> names = new HashSet<>();
    List<Struct> templates = experiment.templates();
    String own = experiment.meta().name();
    for (int i = 0; i < templates.size(); i++) {
      Struct template = templates.get(i);
      String name = template.string("name");
      if (!template.has("selector")) {
        return "Rollout has missing field '.Spec.Templates[" + i + "].Selector'";
      }
      if (template.struct("selector").isEmpty()) {
        return "This experiment is selecting all pods at index "
            + i
            + ". A non-empty selector is required.";
      }
      if (template.integer("minReadySeconds") > experiment.progressDeadlineSeconds()) {
        return "MinReadySeconds cannot be longer than ProgressDeadlineSeconds. Check template index "
            + i;
      }
      if (name.isEmpty()) {
        return "Experiment " + own + " has empty template name at index " + i;
      }
      if (!names.add(name)) {
        return "Experiment %s has repeated template name '%s' in templates".formatted(own, name);
      }
    }
    return duration(experiment.spec());
  }

  private static String duration(Struct spec) {
    try {
      if (spec.has("duration")) {
        GoDuration.nanos(spec.string("duration"));
      }
      return "";
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }
}

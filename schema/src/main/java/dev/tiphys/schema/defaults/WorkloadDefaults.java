package dev.tiphys.schema.defaults;

import dev.tiphys.object.Struct;
import java.util.function.UnaryOperator;

/// Defaults of the kinds that keep Pods running.
final class WorkloadDefaults {

  private static final Struct DEPLOYMENT_STEPS =
      Struct.of("maxSurge", "25%", "maxUnavailable", "25%");
  private static final Struct DAEMON_SET_STEPS = Struct.of("maxSurge", 0L, "maxUnavailable", 1L);
  private static final Struct KEEP_CLAIMS =
      Struct.of("whenDeleted", "Retain", "whenScaled", "Retain");

  private WorkloadDefaults() {}

  static Struct controller(Struct controller) {
    Struct completed = Edits.in(controller, "spec", WorkloadDefaults::template);
    Struct labels = completed.struct("spec", "template", "metadata", "labels");
    if (labels.isEmpty()) {
      return completed;
    }
    if (completed.struct("spec", "selector").isEmpty()) {
      completed = completed.withAt(labels, "spec", "selector");
    }
    return labelled(completed, labels);
  }

  /// An object without labels takes those of the Pods it makes.
  static Struct labelled(Struct object, Struct labels) {
    return object.struct("metadata", "labels").isEmpty() && !labels.isEmpty()
        ? object.withAt(labels, "metadata", "labels")
        : object;
  }

  static Struct deployment(Struct deployment) {
    return Edits.in(
        deployment, "spec", spec -> rollingUpdate(template(spec), "strategy", DEPLOYMENT_STEPS));
  }

  static Struct replicaSet(Struct set) {
    return Edits.in(set, "spec", WorkloadDefaults::template);
  }

  static Struct daemonSet(Struct set) {
    return Edits.in(
        set, "spec", spec -> rollingUpdate(template(spec), "updateStrategy", DAEMON_SET_STEPS));
  }

  private static Struct rollingUpdate(Struct spec, String strategy, Struct steps) {
    return Edits.in(
        spec,
        strategy,
        found ->
            found.string("type").equals("RollingUpdate")
                ? Edits.fillMap(found, "rollingUpdate", steps)
                : found);
  }

  static Struct statefulSet(Struct set) {
    return Edits.in(set, "spec", WorkloadDefaults::statefulSetSpec);
  }

  private static Struct statefulSetSpec(Struct spec) {
    Struct completed = Edits.in(template(spec), "updateStrategy", WorkloadDefaults::ordered);
    completed = Edits.fillMap(completed, "persistentVolumeClaimRetentionPolicy", KEEP_CLAIMS);
    UnaryOperator<Struct> named =
        claim -> claim.with("apiVersion", "v1").with("kind", "PersistentVolumeClaim");
    return Edits.inEach(completed, "volumeClaimTemplates", named);
  }

  /// A rolling update that was asked for by name without saying how stays like that.
  private static Struct ordered(Struct strategy) {
    Struct typed =
        strategy.string("type").isEmpty()
            ? Edits.fill(strategy.with("type", "RollingUpdate"), "rollingUpdate", Struct.EMPTY)
            : strategy;
    return typed.string("type").equals("RollingUpdate")
        ? Edits.in(typed, "rollingUpdate", update -> Edits.fill(update, "partition", 0L))
        : typed;
  }

  static Struct template(Struct spec) {
    return Edits.in(spec, "template", PodDefaults::template);
  }
}

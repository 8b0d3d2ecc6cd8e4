package dev.tiphys.schema.warnings;

import static java.util.Map.entry;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.structural.StructuralSchema;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells what a writer of an object is to be warned of. The object has been validated.
///
/// Threads: any.
public final class Warnings {

  /// What kinds are warned about, by the full names of their types: a new object, and a changed one
  /// with its state before.
  private static final Map<String, Rules> BY_TYPE =
      Map.ofEntries(
          entry("io.k8s.api.core.v1.Pod", new Rules(PodWarnings::pod, null)),
          entry("io.k8s.api.core.v1.PodTemplate", changing(WorkloadWarnings::podTemplate)),
          entry("io.k8s.api.core.v1.ReplicationController", named(WorkloadWarnings::template)),
          entry("io.k8s.api.apps.v1.Deployment", named(WorkloadWarnings::template)),
          entry("io.k8s.api.apps.v1.ReplicaSet", named(WorkloadWarnings::template)),
          entry("io.k8s.api.apps.v1.DaemonSet", changing(WorkloadWarnings::template)),
          entry(
              "io.k8s.api.apps.v1.StatefulSet",
              new Rules(WorkloadWarnings::statefulSet, WorkloadWarnings::changedStatefulSet)),
          entry("io.k8s.api.batch.v1.Job", named(WorkloadWarnings::job)),
          entry(
              "io.k8s.api.batch.v1.CronJob",
              new Rules(WorkloadWarnings::cronJob, WorkloadWarnings::changedCronJob)),
          entry("io.k8s.api.core.v1.Service", always(ServiceWarnings::service)),
          entry("io.k8s.api.core.v1.Secret", always(SecretWarnings::secret)),
          entry("io.k8s.api.core.v1.Node", always(ClusterWarnings::node)),
          entry("io.k8s.api.core.v1.PersistentVolume", always(VolumeWarnings::volume)),
          entry("io.k8s.api.core.v1.PersistentVolumeClaim", always(VolumeWarnings::claim)),
          entry("io.k8s.api.storage.v1.StorageClass", always(ClusterWarnings::storageClass)),
          entry("io.k8s.api.storage.v1.CSIStorageCapacity", always(ClusterWarnings::capacity)),
          entry("io.k8s.api.node.v1.RuntimeClass", always(ClusterWarnings::runtimeClass)),
          entry("io.k8s.api.networking.v1.Ingress", new Rules(ClusterWarnings::ingress, null)),
          entry(
              "io.k8s.api.discovery.v1.EndpointSlice",
              new Rules(ClusterWarnings::endpointSlice, null)));

  private Warnings() {}

  /// @param update null if changes give no warnings
  private record Rules(Consumer<Subject> create, @Nullable BiConsumer<Subject, Struct> update) {}

  /// The same warnings for new and for changed objects.
  private static Rules always(Consumer<Subject> rules) {
    return new Rules(rules, (now, before) -> rules.accept(now));
  }

  /// Warnings about what counts as a change of the object's generation.
  private static Rules changing(Consumer<Subject> rules) {
    return new Rules(rules, (now, before) -> ifChanged(now, before, rules));
  }

  /// As [#changing], and for new objects whether their name suits Pods.
  private static Rules named(Consumer<Subject> rules) {
    return new Rules(
        now -> {
          WorkloadWarnings.name(now);
          rules.accept(now);
        },
        (now, before) -> ifChanged(now, before, rules));
  }

  static void ifChanged(Subject now, Struct before, Consumer<Subject> rules) {
    boolean same =
        Objects.equals(
            now.object().get("metadata", "generation"), before.get("metadata", "generation"));
    if (!same) {
      rules.accept(now);
    }
  }

  /// What the writer of a new object is to be warned of.
  public static List<String> create(Resource resource, Struct object) {
    Subject subject = Subject.top(object);
    switch (resource.schema()) {
      case StructuralSchema _ -> CustomWarnings.created(subject);
      case Type type -> {
        Rules rules = BY_TYPE.get(type.name());
        if (rules != null) {
          rules.create.accept(subject);
        }
      }
    }
    return subject.warnings();
  }

  /// What the writer of a changed object is to be warned of.
  public static List<String> update(Resource resource, Struct object, Struct before) {
    Subject subject = Subject.top(object);
    switch (resource.schema()) {
      case StructuralSchema schema -> CustomWarnings.changed(subject, before, schema);
      case Type type -> {
        Rules rules = BY_TYPE.get(type.name());
        if (rules != null && rules.update != null) {
          rules.update.accept(subject, before);
        }
      }
    }
    return subject.warnings();
  }
}

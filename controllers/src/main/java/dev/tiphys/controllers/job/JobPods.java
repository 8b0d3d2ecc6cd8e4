package dev.tiphys.controllers.job;

import dev.tiphys.controllers.common.Templates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The Pods of Jobs: how they are made, and what they say. Pure.
final class JobPods {

  /// Keeps a Pod until it has been counted.
  static final String FINALIZER = "batch.kubernetes.io/job-tracking";

  /// How often the Pods of an index have failed before this one.
  static final String FAILURES = "batch.kubernetes.io/job-index-failure-count";

  /// How often they have without counting.
  static final String IGNORED = "batch.kubernetes.io/job-index-ignored-failure-count";

  private static final String INDEX = "batch.kubernetes.io/job-completion-index";
  private static final String VARIABLE = "JOB_COMPLETION_INDEX";
  private static final int LONGEST_PREFIX = 58;

  private JobPods() {}

  static boolean isTracked(Struct pod) {
    return Meta.of(pod).finalizers().contains(FINALIZER);
  }

  /// The index of a Pod; -1 if it has none that the Job knows.
  static long indexOf(Job job, Struct pod) {
    String text = Meta.of(pod).annotation(INDEX);
    if (!text.matches("[0-9]{1,18}")) {
      return -1;
    }
    long index = Long.parseLong(text);
    return index < job.completions() ? index : -1;
  }

  /// Whether a Pod counts as failed: one that is told to end does at once, unless the Job waits for
  /// the end before it makes another.
  static boolean isFailed(Job job, Struct pod) {
    String phase = pod.string("status", "phase");
    if (phase.equals("Failed")) {
      return true;
    }
    return !job.replacesOnlyFailed() && Meta.of(pod).isBeingDeleted() && !phase.equals("Succeeded");
  }

  static boolean hasSucceeded(Struct pod) {
    return pod.string("status", "phase").equals("Succeeded");
  }

  static long count(Struct pod, String annotation) {
    String text = Meta.of(pod).annotation(annotation);
    return text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
  }

  /// A new Pod.
  ///
  /// @param index its index; -1 if it has none
  static Struct pod(Job job, long index) {
    Struct pod = Templates.podOf(job.meta(), job.spec().struct("template"));
    List<Object> finalizers = new ArrayList<>(Meta.of(pod).finalizers());
    if (!finalizers.contains(FINALIZER)) {
      finalizers.add(FINALIZER);
    }
    Struct tracked = pod.withAt(finalizers, "metadata", "finalizers");
    String name = job.meta().name();
    if (index < 0) {
      return tracked.withAt(name + "-", "metadata", "generateName");
    }
    String suffix = "-" + index + "-";
    int longest = Math.min(name.length(), LONGEST_PREFIX - suffix.length());
    return tracked
        .withAt(name.substring(0, longest) + suffix, "metadata", "generateName")
        .withAt(Long.toString(index), "metadata", "annotations", INDEX)
        .withAt(Long.toString(index), "metadata", "labels", INDEX)
        .with("spec", spec(tracked.struct("spec"), name + "-" + index));
  }

  private static Struct spec(Struct spec, String hostname) {
    Struct next = spec.with("hostname", hostname).with("containers", told(spec, "containers"));
    return spec.has("initContainers")
        ? next.with("initContainers", told(spec, "initContainers"))
        : next;
  }

  /// The containers, which learn their index from a variable.
  private static List<Struct> told(Struct spec, String field) {
    List<Struct> containers = new ArrayList<>();
    for (Struct container : spec.structs(field)) {
      List<Struct> variables = new ArrayList<>(container.structs("env"));
      if (variables.stream().noneMatch(each -> each.string("name").equals(VARIABLE))) {
        Struct path = Struct.of("fieldPath", "metadata.labels['" + INDEX + "']");
        variables.add(Struct.of("name", VARIABLE, "valueFrom", Struct.of("fieldRef", path)));
      }
      containers.add(container.with("env", variables));
    }
    return containers;
  }

  /// When a Pod ended, as well as that is known.
  static Instant finished(Struct pod) {
    Instant last = null;
    for (Struct container : pod.structs("status", "containerStatuses")) {
      Instant end = Timestamps.of(container.get("state", "terminated", "finishedAt"));
      if (end == null) {
        last = null;
        break;
      }
      last = last == null || end.isAfter(last) ? end : last;
    }
    if (last != null) {
      return last;
    }
    Struct ready = Meta.condition(pod, "Ready");
    if (ready != null && ready.string("status").equals("False")) {
      Instant since = Timestamps.of(ready.get("lastTransitionTime"));
      if (since != null) {
        return since;
      }
    }
    return orElse(deletionAsked(pod), orElse(Meta.of(pod).created(), Instant.EPOCH));
  }

  private static @Nullable Instant deletionAsked(Struct pod) {
    Instant due = Meta.of(pod).deleted();
    return due == null
        ? null
        : due.minusSeconds(pod.integer("metadata", "deletionGracePeriodSeconds"));
  }

  private static Instant orElse(@Nullable Instant one, Instant other) {
    return one == null ? other : one;
  }

  /// What takes the finalizer off.
  static Struct release(Struct pod) {
    Struct metadata =
        new StructBuilder()
            .add("uid", Meta.of(pod).uid())
            .add("$deleteFromPrimitiveList/finalizers", List.of(FINALIZER))
            .build();
    return Struct.of("metadata", metadata);
  }

  /// How often containers of Pods that run were started again.
  static long restarts(List<Struct> pods) {
    long sum = 0;
    for (Struct pod : pods) {
      String phase = pod.string("status", "phase");
      if (phase.equals("Running") || phase.equals("Pending")) {
        for (String field : List.of("initContainerStatuses", "containerStatuses")) {
          for (Struct container : pod.structs("status", field)) {
            sum += container.integer("restartCount");
          }
        }
      }
    }
    return sum;
  }
}

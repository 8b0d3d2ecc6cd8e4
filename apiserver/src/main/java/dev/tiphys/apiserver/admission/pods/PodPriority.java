package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A Pod's priority is that of its priority class: upstream's plugin Priority.
public final class PodPriority implements Admission {

  private static final String GROUP = "scheduling.k8s.io";

  private final Lookup lookup;

  public PodPriority(Lookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    if (!request.isOn("", "pods")) {
      return object;
    }
    return old == null ? withPriority(request, object) : withOldPriority(object, old);
  }

  /// A writer that leaves out what was given on creation does not take it away.
  private static Struct withOldPriority(Struct pod, Struct old) {
    Struct next = pod;
    for (String field : List.of("priority", "preemptionPolicy")) {
      Object before = old.get("spec", field);
      next = next.has("spec", field) || before == null ? next : next.withAt(before, "spec", field);
    }
    return next;
  }

  private Struct withPriority(Request request, Struct pod) {
    String name = pod.string("spec", "priorityClassName");
    Struct type =
        name.isEmpty() ? globalDefault() : lookup.find(GROUP, "priorityclasses", "", name);
    if (type == null && !name.isEmpty()) {
      throw request.forbidden(pod, "no PriorityClass with name " + name + " was found");
    }
    long priority = type == null ? 0 : type.integer("value");
    String given = type == null ? "" : type.string("preemptionPolicy");
    String policy = given.isEmpty() ? "PreemptLowerPriority" : given;
    if (pod.has("spec", "priority") && pod.integer("spec", "priority") != priority) {
      throw request.forbidden(
          pod,
          "the integer value of priority ("
              + pod.integer("spec", "priority")
              + ") must not be provided in pod spec; priority admission controller computed "
              + priority
              + " from the given PriorityClass name");
    }
    Struct prioritized = pod.withAt(priority, "spec", "priority");
    if (type != null && name.isEmpty()) {
      prioritized =
          prioritized.withAt(type.string("metadata", "name"), "spec", "priorityClassName");
    }
    String wanted = pod.string("spec", "preemptionPolicy");
    if (pod.has("spec", "preemptionPolicy") && !wanted.equals(policy)) {
      throw request.forbidden(
          pod,
          "the string value of PreemptionPolicy ("
              + wanted
              + ") must not be provided in pod spec; priority admission controller computed "
              + policy
              + " from the given PriorityClass name");
    }
    return prioritized.withAt(policy, "spec", "preemptionPolicy");
  }

  private @Nullable Struct globalDefault() {
    Struct found = null;
    for (Struct type : lookup.list(GROUP, "priorityclasses", "")) {
      boolean better =
          type.bool("globalDefault")
              && (found == null || type.integer("value") < found.integer("value"));
      found = better ? type : found;
    }
    return found;
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    boolean becomesDefault =
        request.isOn(GROUP, "priorityclasses")
            && request.operation() != Operation.DELETE
            && object.bool("globalDefault");
    if (!becomesDefault) {
      return;
    }
    Struct present = globalDefault();
    String name = object.string("metadata", "name");
    if (present != null && !present.string("metadata", "name").equals(name)) {
      throw ApiException.forbidden(
          "priorityclasses.scheduling.k8s.io",
          name,
          "PriorityClass "
              + present.string("metadata", "name")
              + " is already marked as default. Only one default can exist");
    }
  }
}

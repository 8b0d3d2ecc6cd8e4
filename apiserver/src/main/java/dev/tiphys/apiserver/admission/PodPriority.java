package dev.tiphys.apiserver.admission;

import dev.tiphys.client.ApiException;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// A Pod's priority is that of its priority class: upstream's plugin Priority.
final class PodPriority implements Admission {

  private static final String GROUP = "scheduling.k8s.io";

  private final Lookup lookup;

  PodPriority(Lookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    return request.isOn("", "pods") && request.operation() == Operation.CREATE
        ? withPriority(object)
        : object;
  }

  private Struct withPriority(Struct pod) {
    String name = pod.string("spec", "priorityClassName");
    Struct type =
        name.isEmpty() ? globalDefault() : lookup.find(GROUP, "priorityclasses", "", name);
    if (type == null && !name.isEmpty()) {
      throw ApiException.forbidden(
          "pods",
          pod.string("metadata", "name"),
          "no PriorityClass with name " + name + " was found");
    }
    long priority = type == null ? 0 : type.integer("value");
    String policy = type == null ? "" : type.string("preemptionPolicy");
    if (pod.has("spec", "priority") && pod.integer("spec", "priority") != priority) {
      throw ApiException.forbidden(
          "pods",
          pod.string("metadata", "name"),
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
    return prioritized.has("spec", "preemptionPolicy")
        ? prioritized
        : prioritized.withAt(
            policy.isEmpty() ? "PreemptLowerPriority" : policy, "spec", "preemptionPolicy");
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

package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.PodResources;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Restoring;
import java.util.ArrayList;
import java.util.List;

/// Rules for changing the resources of a Pod while it runs.
public final class PodResizeRules {

  private static final String ONLY_RESOURCES = "only cpu and memory resources are mutable";
  private static final List<String> LISTS = List.of("limits", "requests");

  private PodResizeRules() {}

  public static void resize(FieldValue now, Struct before) {
    Struct old = before.struct("spec");
    if (before.has("metadata", "annotations", PodRules.MIRROR)) {
      now.wholeObject().forbidden("static pods cannot be resized");
      return;
    }
    if (old.string("os", "name").equals("windows")) {
      now.wholeObject().forbidden("windows pods cannot be resized");
      return;
    }
    PodRules.podAndSpec(now);
    FieldValue spec = now.at("spec");
    supported(now, before);
    Struct restored = spec.struct();
    if (isLimitedAsWhole(old) || isLimitedAsWhole(restored)) {
      restored = podLevel(spec, old);
    }
    if (!before.list("status", "nodeAllocatableResourceClaimStatuses").isEmpty()) {
      spec.forbidden("pods with node allocatable resource claims cannot be resized");
    }
    int errors = now.errors().size();
    sameContainers(spec.at("containers"), old);
    sameContainers(spec.at("initContainers"), old);
    if (now.errors().size() > errors) {
      return;
    }
    removals(spec.at("initContainers"), old);
    removals(spec.at("containers"), old);
    restored = containers(spec, restored, old);
    restored = initContainers(spec, restored, old);
    if (now.errors().isEmpty() && !restored.equals(old)) {
      spec.forbidden(ONLY_RESOURCES);
    }
  }

  private static void supported(FieldValue now, Struct before) {
    FieldValue spec = now.at("spec");
    String qos = before.string("status", "qosClass");
    String was = qos.isEmpty() ? PodResources.qosClass(before.struct("spec")) : qos;
    if (!was.equals(PodResources.qosClass(spec.struct()))) {
      spec.invalid(
          now.at("status", "qosClass").string(),
          "Pod QOS Class may not change as a result of resizing");
    }
    for (Struct status : before.structs("status", "containerStatuses")) {
      if (status.has("state", "running")) {
        if (!status.has("resources")) {
          spec.forbidden("Pod running on node without support for resize");
        }
        return;
      }
    }
  }

  private static boolean isLimitedAsWhole(Struct spec) {
    return !spec.struct("resources", "requests").isEmpty()
        || !spec.struct("resources", "limits").isEmpty();
  }

  private static Struct podLevel(FieldValue spec, Struct old) {
    FieldValue resources = spec.at("resources");
    if (old.has("resources") && !resources.isSet()) {
      resources.forbidden("pod-level resources cannot be removed");
      return spec.struct();
    }
    for (String list : List.of("requests", "limits")) {
      if (removes(resources.struct().struct(list), old.struct("resources", list))) {
        resources.at(list).forbidden("pod-level resource " + list + " cannot be removed");
      }
    }
    Struct restored = withAmounts(resources.struct(), old.struct("resources"));
    if (!restored.equals(old.struct("resources"))) {
      spec.forbidden("only cpu and memory resources are mutable at pod-level");
    }
    return old.has("resources") || !restored.isEmpty()
        ? spec.struct().with("resources", restored)
        : spec.struct().without("resources");
  }

  private static void sameContainers(FieldValue containers, Struct old) {
    String list = containers.name();
    List<Struct> before = old.structs(list);
    if (containers.list().size() != before.size()) {
      containers.forbidden(list + " may not be added or removed on resize");
      return;
    }
    for (int i = 0; i < before.size(); i++) {
      FieldValue name = containers.at(i).at("name");
      if (!name.is(before.get(i).string("name"))) {
        name.forbidden(list + " may not be renamed or reordered on resize");
      }
    }
  }

  private static void removals(FieldValue containers, Struct old) {
    List<Struct> before = old.structs(containers.name());
    for (int i = 0; i < before.size(); i++) {
      FieldValue resources = containers.at(i).at("resources");
      for (String list : List.of("requests", "limits")) {
        if (removes(resources.struct().struct(list), before.get(i).struct("resources", list))) {
          resources.at(list).forbidden("resource " + list + " cannot be removed");
        }
      }
    }
  }

  private static boolean removes(Struct now, Struct before) {
    return before.names().stream().anyMatch(name -> now.get(name) == null);
  }

  private static Struct containers(FieldValue spec, Struct restored, Struct old) {
    List<Struct> before = old.structs("containers");
    List<Struct> all = new ArrayList<>();
    for (FieldValue container : spec.at("containers").items()) {
      Struct was = before.get(all.size());
      Struct kept = withResources(container.struct(), was);
      if (!kept.equals(was)) {
        spec.forbidden(ONLY_RESOURCES);
      }
      all.add(kept);
    }
    return all.isEmpty() ? restored : restored.with("containers", all);
  }

  private static Struct initContainers(FieldValue spec, Struct restored, Struct old) {
    List<Struct> before = old.structs("initContainers");
    List<Struct> all = new ArrayList<>();
    for (FieldValue container : spec.at("initContainers").items()) {
      Struct was = before.get(all.size());
      Struct kept = withResources(container.struct(), was);
      if (!kept.equals(was)) {
        container.forbidden(
            "only cpu and memory resources for init or sidecar containers are mutable");
      }
      if (!container.struct().equals(was) && !ContainerListRules.isSidecar(kept)) {
        noRestarts(container);
      }
      all.add(kept);
    }
    return all.isEmpty() ? restored : restored.with("initContainers", all);
  }

  private static void noRestarts(FieldValue container) {
    for (FieldValue policy : container.at("resizePolicy").items()) {
      if (policy.at("restartPolicy").is("RestartContainer")) {
        container.forbidden(
            "non-sidecar init containers with a resize policy of RestartContainer cannot be"
                + " resized");
      }
    }
  }

  private static Struct withResources(Struct container, Struct before) {
    return container.with(
        "resources", withAmounts(container.struct("resources"), before.struct("resources")));
  }

  /// The resources with cpu and memory as they were.
  private static Struct withAmounts(Struct resources, Struct before) {
    Struct restored = resources;
    for (String list : LISTS) {
      Struct amounts = restored.struct(list);
      for (String name : List.of("cpu", "memory")) {
        amounts = Restoring.withField(amounts, before.struct(list), name);
      }
      restored = amounts.isEmpty() ? restored.without(list) : restored.with(list, amounts);
    }
    return restored;
  }
}

package dev.tiphys.apiserver.admission.limits;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.PodResources;
import dev.tiphys.schema.quota.Amounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pods and claims keep within the LimitRanges of their namespace, and containers that ask for
/// nothing get what those give: upstream's plugin LimitRanger.
public final class LimitRanger implements Admission {

  private static final String ANNOTATION = "kubernetes.io/limit-ranger";
  private static final String CONTAINER = "Container";

  private final Lookup lookup;

  public LimitRanger(Lookup lookup) {
    this.lookup = lookup;
  }

  /// The ranges that bind what is written; none if it is not bound.
  private List<Struct> ranges(Request request, @Nullable Struct old) {
    boolean creates = request.operation() == Operation.CREATE;
    boolean updates = request.operation() == Operation.UPDATE;
    boolean bound =
        (creates && request.isOn("", "pods"))
            || (updates && request.isOn("", "pods", "resize"))
            || ((creates || updates) && request.isOn("", "persistentvolumeclaims"));
    if (!bound || (old != null && Meta.of(old).isBeingDeleted())) {
      return List.of();
    }
    return lookup.list("", "limitranges", request.namespace()).stream()
        .sorted(Comparator.comparing(range -> Meta.of(range).name()))
        .toList();
  }

  @Override
  public Struct mutate(Request request, Struct object, @Nullable Struct old) {
    if (!request.isOn("", "pods")) {
      return object;
    }
    Struct pod = object;
    for (Struct range : ranges(request, old)) {
      pod = withDefaults(pod, range);
    }
    return pod;
  }

  private static Struct withDefaults(Struct pod, Struct range) {
    StructBuilder requests = new StructBuilder();
    StructBuilder limits = new StructBuilder();
    for (Struct limit : range.structs("spec", "limits")) {
      if (limit.string("type").equals(CONTAINER)) {
        requests.addAll(limit.struct("defaultRequest"));
        limits.addAll(limit.struct("default"));
      }
    }
    Struct defaults = Struct.of("requests", requests.build(), "limits", limits.build());
    List<String> notes = new ArrayList<>();
    Struct filled = withDefaults(pod, "containers", "container", defaults, notes);
    filled = withDefaults(filled, "initContainers", "init container", defaults, notes);
    return notes.isEmpty()
        ? pod
        : Meta.withAnnotation(
            filled, ANNOTATION, "LimitRanger plugin set: " + String.join("; ", notes));
  }

  private static Struct withDefaults(
      Struct pod, String field, String noun, Struct defaults, List<String> notes) {
    List<Struct> containers = pod.structs("spec", field);
    if (containers.isEmpty()) {
      return pod;
    }
    List<Struct> filled =
        containers.stream()
            .map(container -> filled(container, "requests", "request", noun, defaults, notes))
            .map(container -> filled(container, "limits", "limit", noun, defaults, notes))
            .toList();
    return filled.equals(containers) ? pod : pod.withAt(filled, "spec", field);
  }

  private static Struct filled(
      Struct container,
      String list,
      String word,
      String noun,
      Struct defaults,
      List<String> notes) {
    Struct given = container.struct("resources", list);
    StructBuilder all = StructBuilder.from(given);
    List<String> added = new ArrayList<>();
    defaults
        .struct(list)
        .forEach(
            (name, amount) -> {
              if (given.get(name) == null) {
                all.add(name, amount);
                added.add(name);
              }
            });
    if (added.isEmpty()) {
      return container;
    }
    notes.add(
        "%s %s for %s %s"
            .formatted(String.join(", ", added), word, noun, container.string("name")));
    return container.withAt(all.build(), "resources", list);
  }

  @Override
  public void validate(Request request, Struct object, @Nullable Struct old) {
    for (Struct range : ranges(request, old)) {
      List<String> problems = new ArrayList<>();
      for (Struct limit : range.structs("spec", "limits")) {
        String type = limit.string("type");
        check(request, object, new Bounds(type, limit, problems));
      }
      List<String> distinct = List.copyOf(new LinkedHashSet<>(problems));
      if (!distinct.isEmpty()) {
        throw request.forbidden(
            object,
            distinct.size() == 1 ? distinct.getFirst() : "[" + String.join(", ", distinct) + "]");
      }
    }
  }

  private static void check(Request request, Struct object, Bounds bounds) {
    boolean isPod = request.resource().plural().equals("pods");
    switch (bounds.type()) {
      case CONTAINER -> {
        if (isPod) {
          object.structs("spec", "containers").forEach(each -> checkContainer(each, bounds));
          object.structs("spec", "initContainers").forEach(each -> checkContainer(each, bounds));
        }
      }
      case "Pod" -> {
        if (isPod) {
          bounds.check(
              PodResources.charged(object.withoutAt("spec", "overhead"), "requests"),
              PodResources.charged(object.withoutAt("spec", "overhead"), "limits"));
        }
      }
      case "PersistentVolumeClaim" -> {
        if (!isPod) {
          bounds.checkRequests(Amounts.of(object.struct("spec", "resources", "requests")));
        }
      }
      default -> {} // images and image streams are not of this server
    }
  }

  private static void checkContainer(Struct container, Bounds bounds) {
    Struct resources = container.struct("resources");
    bounds.check(Amounts.of(resources.struct("requests")), Amounts.of(resources.struct("limits")));
  }
}

package dev.tiphys.schema.quota;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.PodResources;
import dev.tiphys.schema.validation.ResourceNames;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Pods count by their number and by what their containers ask for and are limited to.
final class PodEvaluator implements Evaluator {

  private static final String COUNT = Evaluators.countName("pods");
  private static final String REQUESTS = "requests.";
  private static final String LIMITS = "limits.";
  private static final List<String> COMPUTE = List.of("cpu", "memory", "ephemeral-storage");

  /// What each container must say once it is limited.
  private static final Set<String> DEMANDED =
      Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

  @Override
  public boolean counts(boolean creates, String subresource) {
    return creates ? subresource.isEmpty() : subresource.equals("resize");
  }

  @Override
  public List<String> matching(Collection<String> limited) {
    return limited.stream().filter(PodEvaluator::matches).sorted().toList();
  }

  private static boolean matches(String name) {
    String bare = name.startsWith(REQUESTS) ? name.substring(REQUESTS.length()) : name;
    return name.equals(COUNT)
        || name.equals("pods")
        || COMPUTE.contains(bare)
        || (name.startsWith(LIMITS) && COMPUTE.contains(name.substring(LIMITS.length())))
        || bare.startsWith(ResourceNames.HUGE_PAGES)
        || (name.startsWith(REQUESTS) && !ResourceNames.isNative(name));
  }

  @Override
  public Map<String, Quantity> usage(Struct pod, Instant now) {
    Map<String, Quantity> usage = new TreeMap<>();
    if (!isOver(pod, now)) {
      usage = compute(PodResources.charged(pod, "requests"), PodResources.charged(pod, "limits"));
    }
    usage.put(COUNT, CountEvaluator.ONE);
    return usage;
  }

  /// Whether a Pod uses nothing any more: it has ended, or should have.
  private static boolean isOver(Struct pod, Instant now) {
    String phase = pod.string("status", "phase");
    if (phase.equals("Failed") || phase.equals("Succeeded")) {
      return true;
    }
    Instant deleted = Meta.of(pod).deleted();
    return deleted != null
        && pod.has("metadata", "deletionGracePeriodSeconds")
        && now.isAfter(
            deleted.plus(
                Duration.ofSeconds(pod.integer("metadata", "deletionGracePeriodSeconds"))));
  }

  private static Map<String, Quantity> compute(
      Map<String, Quantity> requests, Map<String, Quantity> limits) {
    Map<String, Quantity> usage = new TreeMap<>();
    usage.put("pods", CountEvaluator.ONE);
    requests.forEach(
        (name, amount) -> {
          boolean known = COMPUTE.contains(name) || name.startsWith(ResourceNames.HUGE_PAGES);
          if (known) {
            usage.put(name, amount);
          }
          if (known || ResourceNames.isExtended(name)) {
            usage.put(REQUESTS + name, amount);
          }
        });
    limits.forEach(
        (name, amount) -> {
          if (COMPUTE.contains(name)) {
            usage.put(LIMITS + name, amount);
          }
        });
    return usage;
  }

  @Override
  public String missing(Collection<String> names, Struct pod) {
    if (PodResources.areOfPod(pod)) {
      return "";
    }
    Set<String> demanded = new TreeSet<>(names);
    demanded.retainAll(DEMANDED);
    Map<String, Set<String>> missing = new TreeMap<>();
    for (String field : List.of("containers", "initContainers")) {
      for (Struct container : pod.structs("spec", field)) {
        Struct resources = container.struct("resources");
        Set<String> lacking = new TreeSet<>(demanded);
        lacking.removeAll(
            compute(
                    Amounts.of(resources.struct("requests")),
                    Amounts.of(resources.struct("limits")))
                .keySet());
        lacking.forEach(
            name ->
                missing.computeIfAbsent(name, _ -> new TreeSet<>()).add(container.string("name")));
      }
    }
    List<String> texts = new ArrayList<>();
    missing.forEach(
        (name, containers) -> texts.add(name + " for: " + String.join(",", containers)));
    return String.join("; ", texts);
  }

  @Override
  public boolean matches(Scope scope, Struct pod) {
    return switch (scope.name()) {
      case "Terminating" -> isTerminating(pod);
      case "NotTerminating" -> !isTerminating(pod);
      case "BestEffort" -> isBestEffort(pod);
      case "NotBestEffort" -> !isBestEffort(pod);
      case "PriorityClass" -> {
        String type = pod.string("spec", "priorityClassName");
        yield scope.matches(type.isEmpty() ? List.of() : List.of(type));
      }
      case "CrossNamespacePodAffinity" -> reachesAcross(pod.struct("spec", "affinity"));
      default -> false;
    };
  }

  private static boolean isTerminating(Struct pod) {
    return pod.has("spec", "activeDeadlineSeconds")
        && pod.integer("spec", "activeDeadlineSeconds") >= 0;
  }

  private static boolean isBestEffort(Struct pod) {
    return PodResources.qosClass(pod.struct("spec")).equals("BestEffort");
  }

  /// Whether an affinity is about Pods of other namespaces.
  private static boolean reachesAcross(Struct affinity) {
    for (String field : List.of("podAffinity", "podAntiAffinity")) {
      Struct terms = affinity.struct(field);
      boolean across =
          terms.structs("requiredDuringSchedulingIgnoredDuringExecution").stream()
                  .anyMatch(PodEvaluator::isAcross)
              || terms.structs("preferredDuringSchedulingIgnoredDuringExecution").stream()
                  .anyMatch(weighted -> isAcross(weighted.struct("podAffinityTerm")));
      if (across) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAcross(Struct term) {
    return !term.list("namespaces").isEmpty() || term.has("namespaceSelector");
  }
}

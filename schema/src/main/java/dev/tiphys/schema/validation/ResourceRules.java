package dev.tiphys.schema.validation;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Rules for what a container, or a Pod as a whole, asks for.
public final class ResourceRules {

  private static final List<String> POD_LEVEL = List.of("cpu", "hugepages-", "memory");

  private ResourceRules() {}

  /// @param claims the names of the Pod's claims for devices
  public static void ofContainer(FieldValue resources, Set<String> claims) {
    requirements(resources, ResourceNames::ofContainer);
    claims(resources.at("claims"), claims);
  }

  public static void ofPod(FieldValue resources, Set<String> claims) {
    requirements(resources, ResourceRules::podLevelName);
    claims(resources.at("claims"), claims);
  }

  /// What the Pod takes beside its containers.
  public static void overhead(FieldValue overhead) {
    if (overhead.isSet()) {
      Struct limits = Struct.of("limits", overhead.struct());
      ofContainer(overhead.holding(limits), Set.of());
    }
  }

  private static void podLevelName(FieldValue entry) {
    if (ResourceNames.anywhere(entry)) {
      String name = entry.name();
      if (!name.equals("cpu") && !name.equals("memory") && !ResourceNames.isHugePages(name)) {
        entry.holding(name).notSupported(POD_LEVEL);
      }
    }
  }

  private static void requirements(FieldValue resources, Consumer<FieldValue> name) {
    if (resources.struct().isEmpty()) {
      return;
    }
    FieldValue limits = resources.at("limits");
    FieldValue requests = resources.at("requests");
    for (FieldValue limit : limits.entries()) {
      amount(limit, name);
      hugePages(limit);
    }
    for (FieldValue request : requests.entries()) {
      amount(request, name);
      request(requests, request, limits);
      hugePages(request);
    }
    if ((hasHugePages(limits.struct()) || hasHugePages(requests.struct()))
        && !hasMemoryOrCpu(limits.struct())
        && !hasMemoryOrCpu(requests.struct())) {
      resources.forbidden("HugePages require cpu or memory");
    }
  }

  private static void amount(FieldValue entry, Consumer<FieldValue> name) {
    name.accept(entry);
    ResourceNames.amount(entry, entry.name());
  }

  private static void request(FieldValue requests, FieldValue request, FieldValue limits) {
    String name = request.name();
    Object limit = limits.struct().get(name);
    boolean exact = !ResourceNames.canBeOvercommitted(name);
    if (limit == null) {
      if (exact) {
        limits.required("Limit must be set for non overcommitable resources");
      }
      return;
    }
    int difference = Quantity.from(request.value()).compareTo(Quantity.from(limit));
    if (difference != 0 && exact) {
      requests.invalid(request.value(), "must be equal to " + name + " limit of " + limit);
    } else if (difference > 0) {
      requests.invalid(
          request.value(), "must be less than or equal to " + name + " limit of " + limit);
    }
  }

  private static void hugePages(FieldValue entry) {
    if (ResourceNames.isHugePages(entry.name())
        && !ResourceNames.isMultipleOfPage(entry.name(), Quantity.from(entry.value()))) {
      entry.invalid(entry.string() + " is not positive integer multiple of " + entry.name());
    }
  }

  private static boolean hasHugePages(Struct amounts) {
    for (int i = 0; i < amounts.size(); i++) {
      if (ResourceNames.isHugePages(amounts.name(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasMemoryOrCpu(Struct amounts) {
    return amounts.has("cpu") || amounts.has("memory");
  }

  private static void claims(FieldValue claims, Set<String> known) {
    Set<String> seen = new HashSet<>();
    for (FieldValue claim : claims.items()) {
      String name = claim.at("name").string();
      if (name.isEmpty()) {
        claim.required();
      } else {
        twice(claim, name, seen);
      }
      if (!known.contains(name)) {
        String rest = known.isEmpty() ? " which is empty" : ": " + String.join(", ", known);
        claim.holding(name).notFound("must be one of the names in pod.spec.resourceClaims" + rest);
      }
    }
  }

  /// A claim is used whole, or each of its requests once.
  private static void twice(FieldValue claim, String name, Set<String> seen) {
    if (seen.contains(name)) {
      claim.holding(name).duplicate();
      return;
    }
    String request = claim.at("request").string();
    String key = request.isEmpty() ? name : name + "/" + request;
    claim.at("request").mayBe(Formats::dnsLabel);
    if (seen.contains(key)) {
      claim.holding(key).duplicate();
    } else if (request.isEmpty()) {
      for (String other : seen) {
        if (other.startsWith(name + "/")) {
          claim.holding(name).duplicate();
        }
      }
    }
    seen.add(key);
  }
}

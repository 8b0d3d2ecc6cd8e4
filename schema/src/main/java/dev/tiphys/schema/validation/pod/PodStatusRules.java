package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.AddressRules;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.ResourceNames;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Rules for what a node may report about a Pod.
public final class PodStatusRules {

  private static final String BELOW_ZERO = "must be a non-negative integer";
  private static final String ONE_OF_EACH = "may specify no more than one IP for each IP family";
  private static final Set<String> SYSTEM_CONDITIONS =
      Set.of("PodScheduled", "Ready", "Initialized");

  private PodStatusRules() {}

  public static void update(FieldValue now, Struct before) {
    PodAnnotationRules.update(now, before);
    FieldValue status = now.at("status");
    Struct spec = now.struct().struct("spec");
    Struct old = before.struct("status");
    conditions(status.at("conditions"));
    if (!spec.string("nodeName").equals(before.string("spec", "nodeName"))) {
      status.at("nodeName").forbidden("may not be changed directly");
    }
    nominatedNode(status.at("nominatedNodeName"), before);
    notNegative(status.at("observedGeneration"));
    FieldValue qos = status.at("qosClass");
    qos.holding(qos.string()).mustEqual(old.string("qosClass"));
    ContainerStateRules.transitions(status, before);
    claims(status.at("resourceClaimStatuses"), spec);
    extendedResources(status.at("extendedResourceClaimStatus"), spec);
    nodeResources(status, spec);
    addresses(status.at("podIPs"), old);
    hostAddresses(status, old);
    ContainerStateRules.statuses(status, spec);
  }

  private static void conditions(FieldValue conditions) {
    for (FieldValue condition : conditions.items()) {
      notNegative(condition.at("observedGeneration"));
      FieldValue type = condition.at("type");
      if (!SYSTEM_CONDITIONS.contains(type.string())) {
        type.shownAs("Type").mustBe(Formats::labelKey);
      }
    }
  }

  private static void notNegative(FieldValue number) {
    if (number.integer() < 0) {
      number.invalid(BELOW_ZERO);
    }
  }

  private static void nominatedNode(FieldValue name, Struct before) {
    if (name.isEmpty() || name.is(before.string("status", "nominatedNodeName"))) {
      return;
    }
    name.mustBe(Formats::dnsSubdomain);
    if (!before.string("spec", "nodeName").isEmpty()) {
      name.forbidden("may not be set on pods that are already bound to a node");
    }
  }

  private static void claims(FieldValue statuses, Struct spec) {
    Set<Object> names = new HashSet<>();
    for (FieldValue status : statuses.items()) {
      FieldValue name = status.at("name");
      boolean known =
          spec.structs("resourceClaims").stream()
              .anyMatch(claim -> claim.string("name").equals(name.string()));
      if (!known) {
        name.invalid(name.string(), "must match the name of an entry in `spec.resourceClaims`");
      }
      name.mustBeNewIn(names);
      if (status.at("resourceClaimName").isSet()) {
        status.at("resourceClaimName").mustBe(Formats::dnsSubdomain);
      }
    }
  }

  private static void extendedResources(FieldValue status, Struct spec) {
    if (!status.isSet()) {
      return;
    }
    FieldValue mappings = status.at("requestMappings");
    mappings.mustBeSet("at least one request mapping is required");
    Set<Object> seen = new HashSet<>();
    for (FieldValue mapping : mappings.items()) {
      container(mapping, spec);
      status.at("requestName").holding(mapping.at("requestName").value()).mustBe(Formats::dnsLabel);
      if (!seen.add(mapping.struct())) {
        mapping.at("containerName").duplicate();
        mapping.at("resourceName").duplicate();
        mapping.at("requestName").duplicate();
      }
    }
    status.at("resourceClaimName").mustBeSetAnd(Formats::dnsSubdomain);
  }

  private static void container(FieldValue mapping, Struct spec) {
    FieldValue name = mapping.at("containerName");
    Struct container =
        ContainerStateRules.containers(spec).stream()
            .filter(c -> c.string("name").equals(name.string()))
            .reduce(Struct.EMPTY, (first, second) -> second);
    FieldValue resource = mapping.at("resourceName");
    if (container.isEmpty()) {
      name.invalid(
          "must match the name of an entry in spec.initContainers.name or spec.containers.name");
    } else if (!container.has("resources", "requests", resource.string())) {
      resource.invalid(
          "must match the extended resource name of an entry in spec.initContainers.resources.requests"
              + " or spec.containers.resources.requests");
    }
  }

  private static void nodeResources(FieldValue status, Struct spec) {
    for (FieldValue claim : status.at("nodeAllocatableResourceClaimStatuses").items()) {
      FieldValue name = claim.at("resourceClaimName");
      name.mustBeSet("must not be empty");
      boolean known =
          names(spec.structs("resourceClaims")).contains(name.string())
              || names(status.at("resourceClaimStatuses").structs()).contains(name.string());
      if (!known) {
        name.invalid("no mapping found in pod reference");
      }
      claim.at("containers").mustBeSet("must not be empty");
      FieldValue resources = claim.at("resources");
      if (resources.struct().isEmpty()) {
        resources.required("must not be empty");
      }
      for (FieldValue amount : resources.entries()) {
        if (!ResourceNames.isNative(amount.name())) {
          amount.invalid(amount.name(), "must be a node allocatable resource name");
        }
        if (Quantity.from(amount.value()).isNegative()) {
          amount.invalid("must be non-negative");
        }
      }
    }
  }

  private static List<String> names(List<Struct> claims) {
    return claims.stream()
        .map(claim -> claim.get("resourceClaimName"))
        .filter(Objects::nonNull)
        .map(Object::toString)
        .toList();
  }

  private static void addresses(FieldValue addresses, Struct old) {
    List<String> kept = texts(old.structs(addresses.name()));
    for (FieldValue address : addresses.items()) {
      AddressRules.address(address.holding(address.at("ip").string()), kept);
    }
    List<String> all = texts(addresses.structs());
    if (all.size() > 1 && !AddressRules.areOneOfEach(all)) {
      addresses.invalidText(
          "["
              + String.join(
                  ",", all.stream().map(ip -> "{\"IP\":" + GoText.quoted(ip) + "}").toList())
              + "]",
          ONE_OF_EACH);
    }
  }

  private static List<String> texts(List<Struct> addresses) {
    return addresses.stream().map(address -> address.string("ip")).toList();
  }

  private static void hostAddresses(FieldValue status, Struct old) {
    FieldValue addresses = status.at("hostIPs");
    if (addresses.isEmpty()) {
      return;
    }
    FieldValue first = addresses.at(0).at("ip");
    if (!first.string().equals(status.at("hostIP").string())) {
      first.invalid("must be equal to `hostIP`");
    }
    addresses(addresses, old);
  }
}

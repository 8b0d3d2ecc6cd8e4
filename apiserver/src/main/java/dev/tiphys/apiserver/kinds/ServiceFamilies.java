package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.allocation.ServiceNeeds;
import dev.tiphys.apiserver.registry.Invalid;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.GroupKind;
import dev.tiphys.schema.rules.Validation;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The families of addresses that a Service has, and how many it wants.
final class ServiceFamilies {

  private static final String SINGLE = "SingleStack";
  private static final String IPV4 = "IPv4";
  private static final String IPV6 = "IPv6";

  private final List<String> cluster;

  /// @param cluster the families that the cluster's Services can have, the usual one first
  ServiceFamilies(List<String> cluster) {
    this.cluster = cluster;
  }

  /// The Service with the fields that were left out.
  ///
  /// @param old the state before; null for a new Service
  Struct completed(Struct service, @Nullable Struct old) {
    if (!ServiceNeeds.clusterIp(service)) {
      return service;
    }
    boolean open = isHeadless(service) && service.struct("spec", "selector").isEmpty();
    Struct next = withPolicy(service, old, open);
    refuse(next, Validation.serviceAddresses(next));
    if (old != null && isSingle(next)) {
      next = withoutSecond(next, old);
    }
    FieldErrors errors = new FieldErrors();
    checkCounts(next, errors);
    next = withFamiliesOfAddresses(next, errors);
    refuse(next, errors);
    if (open) {
      return withBothFamilies(next);
    }
    checkCluster(next, errors);
    refuse(next, errors);
    return withFamiliesOfCluster(next);
  }

  /// Those that are not said, as many as the Service wants and the cluster has.
  private Struct withFamiliesOfCluster(Struct service) {
    List<String> families = new ArrayList<>(service.struct("spec").strings("ipFamilies"));
    int wanted = isSingle(service) ? 1 : cluster.size();
    for (String family : cluster) {
      if (families.size() < wanted && !families.contains(family)) {
        families.add(family);
      }
    }
    return service.withAt(List.copyOf(families), "spec", "ipFamilies");
  }

  private static boolean isHeadless(Struct service) {
    return service.string("spec", "clusterIP").equals("None");
  }

  private static boolean isSingle(Struct service) {
    return service.string("spec", "ipFamilyPolicy").equals(SINGLE);
  }

  /// @param open whether its endpoints may be anything
  private static Struct withPolicy(Struct service, @Nullable Struct old, boolean open) {
    if (service.has("spec", "ipFamilyPolicy")) {
      return service;
    }
    Object before = old == null ? null : old.get("spec", "ipFamilyPolicy");
    Object policy = before == null ? (open ? "RequireDualStack" : SINGLE) : before;
    return service.withAt(policy, "spec", "ipFamilyPolicy");
  }

  /// A Service that is to have one family gives up the second of what it had two of.
  private static Struct withoutSecond(Struct service, Struct old) {
    Struct next = service;
    for (String field : List.of("clusterIPs", "ipFamilies")) {
      List<?> values = next.list("spec", field);
      if (values.size() > 1 && values.equals(old.list("spec", field))) {
        next = next.withAt(List.of(values.getFirst()), "spec", field);
      }
    }
    return next;
  }

  private static void checkCounts(Struct service, FieldErrors errors) {
    if (!isSingle(service)) {
      return;
    }
    String needed = "must be 'RequireDualStack' or 'PreferDualStack' when multiple ";
    if (service.list("spec", "clusterIPs").size() == 2) {
      add(errors, "spec.ipFamilyPolicy", SINGLE, needed + "cluster IPs are specified");
    }
    if (service.list("spec", "ipFamilies").size() == 2) {
      add(errors, "spec.ipFamilyPolicy", SINGLE, needed + "IP families are specified");
    }
  }

  private Struct withFamiliesOfAddresses(Struct service, FieldErrors errors) {
    List<String> addresses = service.struct("spec").strings("clusterIPs");
    List<Object> families = new ArrayList<>(service.list("spec", "ipFamilies"));
    for (int i = families.size(); i < addresses.size() && !addresses.get(i).equals("None"); i++) {
      boolean six = addresses.get(i).indexOf(':') >= 0;
      String family = six ? IPV6 : IPV4;
      families.add(family);
      if (!cluster.contains(family)) {
        add(
            errors,
            "spec.clusterIPs[" + i + "]",
            addresses,
            family + " is not configured on this cluster");
      }
    }
    return families.isEmpty()
        ? service
        : service.withAt(List.copyOf(families), "spec", "ipFamilies");
  }

  private Struct withBothFamilies(Struct service) {
    List<Object> families = new ArrayList<>(service.list("spec", "ipFamilies"));
    if (families.isEmpty()) {
      families.add(cluster.getFirst());
    }
    if (families.size() < 2 && !isSingle(service)) {
      families.add(families.getFirst().equals(IPV4) ? IPV6 : IPV4);
    }
    return service.withAt(List.copyOf(families), "spec", "ipFamilies");
  }

  private void checkCluster(Struct service, FieldErrors errors) {
    String policy = service.string("spec", "ipFamilyPolicy");
    if (policy.equals("RequireDualStack") && cluster.size() < 2) {
      add(
          errors,
          "spec.ipFamilyPolicy",
          policy,
          "this cluster is not configured for dual-stack services");
    }
    List<?> families = service.list("spec", "ipFamilies");
    for (int i = 0; i < families.size(); i++) {
      if (!(families.get(i) instanceof String family) || !cluster.contains(family)) {
        add(
            errors,
            "spec.ipFamilies[" + i + "]",
            families.get(i),
            "not configured on this cluster");
      }
    }
  }

  private static void add(FieldErrors errors, String field, Object value, String detail) {
    errors.add(new FieldError(FieldError.Type.INVALID, field, Json.text(value), detail));
  }

  private static void refuse(Struct service, FieldErrors errors) {
    if (!errors.isEmpty()) {
      throw Invalid.refusal(
          new GroupKind("", "Service"), service.string("metadata", "name"), errors);
    }
  }
}

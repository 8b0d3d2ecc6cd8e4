package dev.tiphys.schema.validation.network;

import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.AddressRules;
import dev.tiphys.schema.validation.Equality;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import java.util.List;

/// Rules for how traffic reaches a Service, from inside and from outside of the cluster.
public final class ServiceTrafficRules {

  private static final String SOURCE_RANGES =
      "service.beta.kubernetes.io/load-balancer-source-ranges";
  private static final String ONLY_LOAD_BALANCER = "may only be used when `type` is 'LoadBalancer'";
  private static final List<String> POLICIES = List.of("Cluster", "Local");
  private static final List<String> DISTRIBUTIONS =
      List.of("PreferClose", "PreferSameZone", "PreferSameNode");
  private static final List<String> IP_MODES = List.of("Proxy", "VIP");

  private ServiceTrafficRules() {}

  private static boolean isLoadBalancer(Struct spec) {
    return spec.string("type").equals("LoadBalancer");
  }

  static void sourceRanges(FieldValue service, Struct before) {
    FieldValue spec = service.at("spec");
    FieldValue ranges = spec.at("loadBalancerSourceRanges").shownAs("LoadBalancerSourceRanges");
    FieldValue annotation = service.at("metadata", "annotations").key(SOURCE_RANGES);
    boolean balanced = isLoadBalancer(spec.struct());
    if (!ranges.isEmpty()) {
      if (!balanced) {
        ranges.forbidden(ONLY_LOAD_BALANCER);
      }
      List<String> old =
          before.struct("spec").strings("loadBalancerSourceRanges").stream()
              .map(String::strip)
              .toList();
      for (FieldValue range : ranges.items()) {
        AddressRules.range(range.holding(range.string().strip()), old);
      }
    } else if (annotation.isSet()) {
      if (!balanced) {
        annotation.forbidden(ONLY_LOAD_BALANCER);
      }
      if (!annotation.string().equals(before.get("metadata", "annotations", SOURCE_RANGES))) {
        annotated(annotation);
      }
    }
  }

  private static void annotated(FieldValue annotation) {
    String text = annotation.string().strip();
    if (!text.isEmpty()) {
      for (String range : text.split(",", -1)) {
        AddressRules.range(annotation.holding(range.strip()));
      }
    }
  }

  static void loadBalancer(FieldValue service, FieldValue spec) {
    boolean balanced = isLoadBalancer(spec.struct());
    FieldValue allocate = spec.at("allocateLoadBalancerNodePorts");
    if (!balanced) {
      allocate.mustNotBeSet(ONLY_LOAD_BALANCER);
    } else if (!allocate.isSet()) {
      service.at("allocateLoadBalancerNodePorts").required();
    }
    loadBalancerClass(spec);
  }

  private static void loadBalancerClass(FieldValue spec) {
    FieldValue name = spec.at("loadBalancerClass");
    if (!isLoadBalancer(spec.struct())) {
      name.mustNotBeSet(ONLY_LOAD_BALANCER);
    } else if (name.isSet()) {
      name.mustBe(Formats::labelKey);
    }
  }

  static void policies(FieldValue spec) {
    external(spec);
    healthCheck(spec);
    FieldValue inside = spec.at("internalTrafficPolicy");
    boolean has =
        List.of("ClusterIP", "NodePort", "LoadBalancer").contains(spec.at("type").string());
    if (inside.isSet()) {
      inside.mustBeOneOf(POLICIES);
    } else if (has) {
      inside.required();
    }
    spec.at("trafficDistribution").mayBeOneOf(DISTRIBUTIONS);
  }

  private static void external(FieldValue spec) {
    FieldValue policy = spec.at("externalTrafficPolicy");
    boolean reachable =
        switch (spec.at("type").string()) {
          case "LoadBalancer", "NodePort" -> true;
          case "ClusterIP" -> !spec.at("externalIPs").isEmpty();
          default -> false;
        };
    if (reachable) {
      policy.mustBeSetToOneOf(POLICIES);
    } else if (!policy.isEmpty()) {
      policy.invalid("may only be set for externally-accessible services");
    }
  }

  private static boolean hasHealthCheck(Struct spec) {
    return isLoadBalancer(spec) && spec.string("externalTrafficPolicy").equals("Local");
  }

  private static void healthCheck(FieldValue spec) {
    FieldValue port = spec.at("healthCheckNodePort");
    if (hasHealthCheck(spec.struct())) {
      if (port.integer() == 0) {
        port.required();
      } else {
        port.mustBePort();
      }
    } else if (port.integer() != 0) {
      port.invalid(
          "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
    }
  }

  static void changes(FieldValue spec, Struct old) {
    FieldValue name = spec.at("loadBalancerClass");
    if (isLoadBalancer(old)
        && isLoadBalancer(spec.struct())
        && !Equality.same(name.value(), old.get("loadBalancerClass"))) {
      name.invalid("may not change once set");
    }
    loadBalancerClass(spec);
    FieldValue port = spec.at("healthCheckNodePort");
    if (hasHealthCheck(old)
        && hasHealthCheck(spec.struct())
        && port.integer() != old.integer("healthCheckNodePort")) {
      port.forbidden(FieldValue.IMMUTABLE);
    }
  }

  public static void status(FieldValue now, Struct before) {
    FieldValue ingress = now.at("status", "loadBalancer").at("ingress");
    if (!isLoadBalancer(now.at("spec").struct()) && !ingress.isEmpty()) {
      ingress.forbidden("may only be used when `spec.type` is 'LoadBalancer'");
      return;
    }
    List<String> old =
        before.structs("status", "loadBalancer", "ingress").stream()
            .map(entry -> entry.string("ip"))
            .toList();
    for (FieldValue entry : ingress.items()) {
      ingress(entry, old);
    }
  }

  private static void ingress(FieldValue entry, List<String> old) {
    FieldValue address = entry.at("ip");
    FieldValue mode = entry.at("ipMode");
    if (!address.isEmpty()) {
      AddressRules.address(address, old);
    }
    if (!mode.isSet()) {
      if (!address.isEmpty()) {
        mode.required("must be specified when `ip` is set");
      }
    } else if (address.isEmpty()) {
      mode.forbidden("may not be specified when `ip` is not set");
    } else {
      mode.mustBeOneOf(IP_MODES);
    }
    hostName(entry.at("hostname"));
  }

  /// A name of a host, if there is one.
  static void hostName(FieldValue name) {
    if (name.isEmpty()) {
      return;
    }
    name.mustBe(Formats::dnsSubdomain);
    if (IpAddress.parse(name.string()) != null) {
      name.invalid("must be a DNS name, not an IP address");
    }
  }
}

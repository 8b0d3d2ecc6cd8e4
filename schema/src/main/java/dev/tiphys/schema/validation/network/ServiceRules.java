package dev.tiphys.schema.validation.network;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.SelectorRules;
import dev.tiphys.schema.validation.pod.ContainerRules;
import dev.tiphys.schema.validation.pod.ProbeRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for Services. Which addresses and ports are free is the affair of the allocator.
public final class ServiceRules {

  private static final List<String> TYPES =
      List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");
  private static final List<String> AFFINITIES = List.of("ClientIP", "None");
  private static final long ONE_DAY = 86_400;
  private static final String TOPOLOGY_MODE = "service.kubernetes.io/topology-mode";
  private static final String TOPOLOGY_HINTS = "service.kubernetes.io/topology-aware-hints";
  private static final String NOT_EXTERNAL = "may not be set for ExternalName services";

  private ServiceRules() {}

  public static void create(FieldValue service) {
    service(service, Struct.EMPTY);
  }

  public static void update(FieldValue now, Struct before) {
    ServiceAddressRules.changes(now.at("spec"), before.struct("spec"));
    ServiceTrafficRules.changes(now.at("spec"), before.struct("spec"));
    service(now, before);
  }

  private static void service(FieldValue service, Struct before) {
    FieldValue spec = service.at("spec");
    Struct old = before.struct("spec");
    topology(service.at("metadata", "annotations"));
    byType(spec);
    ports(spec);
    SelectorRules.labels(spec.at("selector"));
    affinity(spec);
    ServiceAddressRules.clusterIps(spec, old);
    ServiceAddressRules.externalIps(spec.at("externalIPs"), old);
    spec.at("type").mustBeSetToOneOf(TYPES);
    uniquePorts(spec);
    ServiceTrafficRules.sourceRanges(service, before);
    ServiceTrafficRules.loadBalancer(service, spec);
    ServiceTrafficRules.policies(spec);
  }

  private static void topology(FieldValue annotations) {
    FieldValue mode = annotations.key(TOPOLOGY_MODE);
    Object hints = annotations.struct().get(TOPOLOGY_HINTS);
    if (mode.isSet() && hints != null && !hints.equals(mode.value())) {
      mode.invalid("must match annotations[" + TOPOLOGY_HINTS + "] when both are specified");
    }
  }

  /// Whether the Service has no address of its own.
  static boolean isHeadless(Struct spec) {
    return spec.list("clusterIPs").equals(List.of("None"));
  }

  private static void byType(FieldValue spec) {
    boolean headless = isHeadless(spec.struct());
    String type = spec.at("type").string();
    if (spec.at("ports").isEmpty() && !headless && !type.equals("ExternalName")) {
      spec.at("ports").required();
    }
    if (type.equals("ExternalName")) {
      externalName(spec);
    } else if (headless && (type.equals("LoadBalancer") || type.equals("NodePort"))) {
      spec.at("clusterIPs").at(0).invalid("may not be set to 'None' for " + type + " services");
    }
  }

  private static void externalName(FieldValue spec) {
    for (String field : List.of("clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
      if (!spec.at(field).isEmpty()) {
        spec.at(field).forbidden(NOT_EXTERNAL);
      }
    }
    FieldValue name = spec.at("externalName");
    String text = name.string();
    String relative = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    if (relative.isEmpty()) {
      name.required();
    } else {
      name.holding(relative).mustBe(Formats::dnsSubdomain);
    }
  }

  private static void ports(FieldValue spec) {
    boolean several = spec.at("ports").list().size() > 1;
    Set<Object> names = new HashSet<>();
    for (FieldValue port : spec.at("ports").items()) {
      FieldValue name = port.at("name");
      if (several || !name.isEmpty()) {
        if (name.mustBeSet()) {
          name.mustBe(Formats::dnsLabel);
          name.mustBeNewIn(names);
        }
      }
      port.at("port").mustBePort();
      port.at("protocol").mustBeSetToOneOf(ContainerRules.PROTOCOLS);
      ProbeRules.portOrName(port.at("targetPort"));
      if (port.at("appProtocol").isSet()) {
        port.at("appProtocol").mustBe(Formats::labelKey);
      }
    }
  }

  private static void affinity(FieldValue spec) {
    FieldValue affinity = spec.at("sessionAffinity");
    affinity.mustBeSetToOneOf(AFFINITIES);
    FieldValue config = spec.at("sessionAffinityConfig");
    if (affinity.is("None")) {
      config.mustNotBeSet("must not be set when session affinity is None");
    } else if (affinity.is("ClientIP")) {
      clientIp(config);
    }
  }

  private static void clientIp(FieldValue config) {
    FieldValue client = config.at("clientIP");
    FieldValue timeout = client.at("timeoutSeconds");
    for (FieldValue value : List.of(config, client, timeout)) {
      if (!value.isSet()) {
        value.required("when session affinity type is ClientIP");
        return;
      }
    }
    if (timeout.integer() <= 0 || timeout.integer() > ONE_DAY) {
      timeout.invalid("must be greater than 0 and less than 86400");
    }
  }

  private static void uniquePorts(FieldValue spec) {
    boolean inside = spec.at("type").is("ClusterIP");
    List<FieldValue> ports = spec.at("ports").items();
    for (FieldValue port : ports) {
      if (inside && port.at("nodePort").integer() != 0) {
        port.at("nodePort").forbidden("may not be used when `type` is 'ClusterIP'");
      }
    }
    Set<String> nodePorts = new HashSet<>();
    for (FieldValue port : ports) {
      long number = port.at("nodePort").integer();
      if (number != 0 && !nodePorts.add(port.at("protocol").string() + number)) {
        port.at("nodePort").duplicate();
      }
    }
    Set<String> numbers = new HashSet<>();
    for (FieldValue port : ports) {
      String protocol = port.at("protocol").string();
      long number = port.at("port").integer();
      if (!numbers.add(protocol + number)) {
        port.duplicateText(
            "{\"Name\":\"\",\"Protocol\":"
                + GoText.quoted(protocol)
                + ",\"AppProtocol\":null,\"Port\":"
                + number
                + ",\"TargetPort\":0,\"NodePort\":0}");
      }
    }
  }
}

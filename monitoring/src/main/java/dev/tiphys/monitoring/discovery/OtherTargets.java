package dev.tiphys.monitoring.discovery;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The targets of nodes, Services and Ingresses themselves.
final class OtherTargets {

  private static final List<String> ADDRESSES =
      List.of("InternalIP", "InternalDNS", "ExternalIP", "ExternalDNS", "LegacyHostIP", "Hostname");

  private OtherTargets() {}

  /// The agent of a node.
  static List<Struct> ofNode(Struct node) {
    Meta meta = Meta.of(node);
    List<Struct> addresses = node.structs("status", "addresses");
    String address = "";
    for (String type : ADDRESSES) {
      for (Struct each : addresses) {
        if (address.isEmpty() && each.string("type").equals(type)) {
          address = each.string("address");
        }
      }
    }
    if (address.isEmpty()) {
      return List.of();
    }
    Labels labels =
        new Labels()
            .plain("instance", meta.name())
            .add("node_name", meta.name())
            .addUnlessEmpty("node_provider_id", node.string("spec", "providerID"))
            .ofObject("node", node);
    Set<String> told = new HashSet<>();
    for (Struct each : addresses) {
      if (told.add(each.string("type"))) {
        labels.add("node_address_" + each.string("type"), each.string("address"));
      }
    }
    long port = node.integer("status", "daemonEndpoints", "kubeletEndpoint", "Port");
    return List.of(Target.of(Target.address(address, port), labels.build()));
  }

  /// Each port of a Service, under its name.
  static List<Struct> ofService(Struct service) {
    Meta meta = Meta.of(service);
    List<Struct> targets = new ArrayList<>();
    for (Struct port : service.structs("spec", "ports")) {
      Labels labels =
          new Labels()
              .add("namespace", meta.namespace())
              .add("service_name", meta.name())
              .add("service_type", service.string("spec", "type"))
              .addUnlessEmpty("service_cluster_ip", service.string("spec", "clusterIP"))
              .addUnlessEmpty("service_external_name", service.string("spec", "externalName"))
              .add("service_port_name", port.string("name"))
              .add("service_port_number", Long.toString(port.integer("port")))
              .add("service_port_protocol", port.string("protocol"))
              .ofObject("service", service);
      targets.add(
          Target.of(
              Target.address(meta.name() + "." + meta.namespace() + ".svc", port.integer("port")),
              labels.build()));
    }
    return targets;
  }

  /// Each path of an Ingress.
  static List<Struct> ofIngress(Struct ingress) {
    Meta meta = Meta.of(ingress);
    Set<String> secured = new HashSet<>();
    ingress.structs("spec", "tls").forEach(each -> secured.addAll(each.strings("hosts")));
    List<Struct> targets = new ArrayList<>();
    for (Struct rule : ingress.structs("spec", "rules")) {
      String host = rule.string("host");
      List<String> paths =
          rule.structs("http", "paths").stream()
              .map(each -> each.string("path"))
              .map(each -> each.isEmpty() ? "/" : each)
              .toList();
      for (String path : paths.isEmpty() ? List.of("/") : paths) {
        Labels labels =
            new Labels()
                .add("namespace", meta.namespace())
                .add("ingress_name", meta.name())
                .addUnlessEmpty("ingress_class_name", ingress.string("spec", "ingressClassName"))
                .add("ingress_host", host)
                .add("ingress_path", path)
                .add("ingress_scheme", isSecured(host, secured) ? "https" : "http")
                .ofObject("ingress", ingress);
        targets.add(Target.of(host, labels.build()));
      }
    }
    return targets;
  }

  private static boolean isSecured(String host, Set<String> secured) {
    String name = host.toLowerCase(Locale.ROOT);
    int dot = name.indexOf('.');
    return secured.contains(name) || dot > 0 && secured.contains("*" + name.substring(dot));
  }
}

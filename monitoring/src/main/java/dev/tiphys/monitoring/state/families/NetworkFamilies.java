package dev.tiphys.monitoring.state.families;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;

/// What Services, what is behind them, and what leads to them say.
final class NetworkFamilies {

  private static final String OLD_CLASS = "kubernetes.io/ingress.class";

  private NetworkFamilies() {}

  static KindFamilies services() {
    return new KindFamilies.Builder(
            "kube_service",
            ApiResource.SERVICES,
            "namespace",
            "metadata.namespace",
            "service",
            "metadata.name",
            "uid",
            "metadata.uid")
        .gauge(
            "_info",
            "A Service, with its address.",
            Rule.info(
                "cluster_ip",
                "spec.clusterIP",
                "external_name",
                "spec.externalName",
                "load_balancer_ip",
                "spec.loadBalancerIP",
                "external_traffic_policy",
                "spec.externalTrafficPolicy"))
        .created()
        .gauge("_spec_type", "How it is reached.", Rule.info("type", "spec.type"))
        .gauge(
            "_spec_external_ip",
            "An address from outside.",
            Rule.each("external_ip", "spec", "externalIPs"))
        .gauge(
            "_status_load_balancer_ingress",
            "Where a load balancer takes its clients.",
            (service, out) -> {
              for (Struct at : service.structs("status", "loadBalancer", "ingress")) {
                out.add(1, "ip", at.string("ip"), "hostname", at.string("hostname"));
              }
            })
        .deleted()
        .build();
  }

  static KindFamilies slices() {
    return new KindFamilies.Builder(
            "kube_endpointslice",
            ApiResource.ENDPOINT_SLICES,
            "endpointslice",
            "metadata.name",
            "namespace",
            "metadata.namespace")
        .gauge("_info", "A slice of endpoints.", Rule.info("addresstype", "addressType"))
        .created()
        .gauge("_endpoints_hints", "A zone that is to use an endpoint.", NetworkFamilies::hints)
        .gauge("_endpoints", "An endpoint, and how it does.", NetworkFamilies::endpoints)
        .gauge("_ports", "A port of the endpoints.", NetworkFamilies::ports)
        .build();
  }

  private static void hints(Struct slice, Samples out) {
    for (Struct endpoint : slice.structs("endpoints")) {
      for (Struct zone : endpoint.structs("hints", "forZones")) {
        for (String address : endpoint.strings("addresses").stream().limit(1).toList()) {
          out.add(1, "address", address, "for_zone", zone.string("name"));
        }
      }
    }
  }

  private static void endpoints(Struct slice, Samples out) {
    for (Struct endpoint : slice.structs("endpoints")) {
      for (String address : endpoint.strings("addresses")) {
        out.add(
            1,
            "ready",
            condition(endpoint, "ready"),
            "serving",
            condition(endpoint, "serving"),
            "hostname",
            endpoint.string("hostname"),
            "terminating",
            condition(endpoint, "terminating"),
            "targetref_kind",
            endpoint.string("targetRef", "kind"),
            "targetref_name",
            endpoint.string("targetRef", "name"),
            "targetref_namespace",
            endpoint.string("targetRef", "namespace"),
            "endpoint_nodename",
            endpoint.string("nodeName"),
            "endpoint_zone",
            endpoint.string("zone"),
            "address",
            address);
      }
    }
  }

  /// Empty where it is not said.
  private static String condition(Struct endpoint, String name) {
    return endpoint.has("conditions", name)
        ? Boolean.toString(endpoint.bool("conditions", name))
        : "";
  }

  private static void ports(Struct slice, Samples out) {
    for (Struct port : slice.structs("ports")) {
      out.add(
          1,
          "port_name",
          port.string("name"),
          "port_protocol",
          port.string("protocol"),
          "port_number",
          port.has("port") ? Long.toString(port.integer("port")) : "");
    }
  }

  static KindFamilies ingresses() {
    return KindFamilies.Builder.namespaced("kube_ingress", ApiResource.INGRESSES, "ingress")
        .gauge(
            "_info",
            "An Ingress, with what serves it.",
            (ingress, out) -> {
              Struct annotations = Meta.of(ingress).annotations();
              String named = ingress.string("spec", "ingressClassName");
              out.add(
                  1,
                  "ingressclass",
                  annotations.has(OLD_CLASS)
                      ? annotations.string(OLD_CLASS)
                      : named.isEmpty() ? "_default" : named);
            })
        .created()
        .version()
        .gauge("_path", "A path, and where it leads.", NetworkFamilies::paths)
        .gauge(
            "_tls",
            "A host, and the Secret that has its certificate.",
            (ingress, out) -> {
              for (Struct tls : ingress.structs("spec", "tls")) {
                String secret = tls.string("secretName");
                tls.strings("hosts")
                    .forEach(host -> out.add(1, "tls_host", host, "secret", secret));
              }
            })
        .build();
  }

  private static void paths(Struct ingress, Samples out) {
    for (Struct rule : ingress.structs("spec", "rules")) {
      for (Struct path : rule.structs("http", "paths")) {
        Struct backend = path.struct("backend");
        boolean service = backend.has("service");
        Struct resource = backend.struct("resource");
        String port = Long.toString(backend.integer("service", "port", "number"));
        String[] leads =
            service
                ? new String[] {
                  "service_name", backend.string("service", "name"), "service_port", port
                }
                : new String[] {
                  "resource_api_group",
                  resource.string("apiGroup"),
                  "resource_kind",
                  resource.string("kind"),
                  "resource_name",
                  resource.string("name")
                };
        path(rule.string("host"), path, leads, out);
      }
    }
  }

  private static void path(String host, Struct path, String[] leads, Samples out) {
    String[] labels = new String[6 + leads.length];
    labels[0] = "host";
    labels[1] = host;
    labels[2] = "path";
    labels[3] = path.string("path");
    labels[4] = "path_type";
    labels[5] = path.string("pathType");
    System.arraycopy(leads, 0, labels, 6, leads.length);
    out.add(1, labels);
  }

  static KindFamilies policies() {
    return KindFamilies.Builder.namespaced(
            "kube_networkpolicy", ApiResource.NETWORK_POLICIES, "networkpolicy")
        .created()
        .gauge("_spec_ingress_rules", "Rules for what comes in.", Rule.count("spec", "ingress"))
        .gauge("_spec_egress_rules", "Rules for what goes out.", Rule.count("spec", "egress"))
        .build();
  }
}

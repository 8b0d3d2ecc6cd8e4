package dev.tiphys.monitoring.config;

import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The jobs of ServiceMonitors: one of each endpoint.
record ServiceMonitorJobs(Scraping scraping) {

  List<Struct> of(Monitor monitor) throws RejectedException {
    List<Struct> jobs = new ArrayList<>();
    for (Struct endpoint : monitor.spec().structs("endpoints")) {
      jobs.add(job(monitor, endpoint, jobs.size()));
    }
    return jobs;
  }

  private Struct job(Monitor monitor, Struct endpoint, int index) throws RejectedException {
    Struct spec = monitor.spec();
    String role = role(spec);
    StructBuilder out = scraping.job(monitor, index);
    scraping.addHonors(out, endpoint);
    scraping.addTimes(out, endpoint, "interval");
    out.addUnlessEmpty("metrics_path", endpoint.string("path"));
    out.add(
        "kubernetes_sd_configs",
        List.of(scraping.discovery(monitor, role, spec.struct("namespaceSelector"), "service")));
    scraping.addHttp(out, monitor, endpoint);
    return scraping.finished(
        out,
        monitor,
        relabelings(monitor, endpoint, role),
        endpoint.structs("relabelings"),
        endpoint.structs("metricRelabelings"));
  }

  private String role(Struct spec) {
    String own = spec.string("serviceDiscoveryRole");
    String role = own.isEmpty() ? scraping.prometheus().spec().string("serviceDiscoveryRole") : own;
    return role.equals("EndpointSlice") ? "endpointslice" : "endpoints";
  }

  private Relabelings relabelings(Monitor monitor, Struct endpoint, String role) {
    Struct spec = monitor.spec();
    Relabelings all = Relabelings.begun();
    if (!spec.string("selectorMechanism").equals("RoleSelector")) {
      all.select("service", spec.struct("selector"));
    }
    String meta =
        "__meta_kubernetes_" + (role.equals("endpoints") ? "endpoint" : "endpointslice") + "_";
    String port = endpoint.string("port");
    String targetPort = text(endpoint.get("targetPort"));
    if (!port.isEmpty()) {
      all.keep(port, meta + "port_name");
    } else if (!targetPort.isEmpty()) {
      all.keep(targetPort, portLabel(endpoint.get("targetPort")));
    }
    String kind = meta + "address_target_kind";
    String name = meta + "address_target_name";
    all.add(target("Node", kind, name, "node")).add(target("Pod", kind, name, "pod"));
    all.copy("__meta_kubernetes_namespace", "namespace")
        .copy("__meta_kubernetes_service_name", "service")
        .copy("__meta_kubernetes_pod_name", "pod")
        .copy("__meta_kubernetes_pod_container_name", "container")
        .running(endpoint);
    for (String each : spec.strings("targetLabels")) {
      all.copyIfAny(Relabelings.label("service", each), Relabelings.sanitized(each));
    }
    for (String each : scraping.podTargetLabels(monitor)) {
      all.copyIfAny(Relabelings.label("pod", each), Relabelings.sanitized(each));
    }
    all.add(
        Struct.of(
            "replacement",
            "${1}",
            "source_labels",
            List.of("__meta_kubernetes_service_name"),
            "target_label",
            "job"));
    if (!spec.string("jobLabel").isEmpty()) {
      all.copyIfAny(Relabelings.label("service", spec.string("jobLabel")), "job");
    }
    if (!port.isEmpty() || !targetPort.isEmpty()) {
      all.set("endpoint", port.isEmpty() ? targetPort : port);
    }
    return all;
  }

  private static Struct target(String of, String kind, String name, String label) {
    return new StructBuilder()
        .add("regex", of + ";(.*)")
        .add("replacement", "${1}")
        .add("separator", ";")
        .add("source_labels", List.of(kind, name))
        .add("target_label", label)
        .build();
  }

  /// A port of a container, by name or number, as text; empty if there is none.
  static String text(@Nullable Object port) {
    return port instanceof Long number && number == 0 || port == null ? "" : port.toString();
  }

  /// Which label has the port of a container.
  static String portLabel(@Nullable Object port) {
    return "__meta_kubernetes_pod_container_port_" + (port instanceof Long ? "number" : "name");
  }
}

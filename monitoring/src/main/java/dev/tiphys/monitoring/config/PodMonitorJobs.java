package dev.tiphys.monitoring.config;

import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;

/// The jobs of PodMonitors: one of each endpoint.
record PodMonitorJobs(Scraping scraping) {

  List<Struct> of(Monitor monitor) throws RejectedException {
    List<Struct> jobs = new ArrayList<>();
    for (Struct endpoint : monitor.spec().structs("podMetricsEndpoints")) {
      jobs.add(job(monitor, endpoint, jobs.size()));
    }
    return jobs;
  }

  private Struct job(Monitor monitor, Struct endpoint, int index) throws RejectedException {
    StructBuilder out = scraping.job(monitor, index);
    scraping.addHonors(out, endpoint);
    scraping.addTimes(out, endpoint, "interval");
    out.addUnlessEmpty("metrics_path", endpoint.string("path"));
    out.add(
        "kubernetes_sd_configs",
        List.of(
            scraping.discovery(monitor, "pod", monitor.spec().struct("namespaceSelector"), "pod")));
    scraping.addHttp(out, monitor, endpoint);
    return scraping.finished(
        out,
        monitor,
        relabelings(monitor, endpoint),
        endpoint.structs("relabelings"),
        endpoint.structs("metricRelabelings"));
  }

  private Relabelings relabelings(Monitor monitor, Struct endpoint) {
    Struct spec = monitor.spec();
    Relabelings all = Relabelings.begun().running(endpoint);
    if (!spec.string("selectorMechanism").equals("RoleSelector")) {
      all.select("pod", spec.struct("selector"));
    }
    String port = endpoint.string("port");
    String targetPort = ServiceMonitorJobs.text(endpoint.get("targetPort"));
    if (!port.isEmpty()) {
      all.keep(port, "__meta_kubernetes_pod_container_port_name");
    } else if (endpoint.integer("portNumber") != 0) {
      all.keep(
          Long.toString(endpoint.integer("portNumber")),
          "__meta_kubernetes_pod_container_port_number");
    } else if (!targetPort.isEmpty()) {
      all.keep(targetPort, ServiceMonitorJobs.portLabel(endpoint.get("targetPort")));
    }
    all.copy("__meta_kubernetes_namespace", "namespace")
        .copy("__meta_kubernetes_pod_container_name", "container")
        .copy("__meta_kubernetes_pod_name", "pod");
    for (String each : scraping.podTargetLabels(monitor)) {
      all.copyIfAny(Relabelings.label("pod", each), Relabelings.sanitized(each));
    }
    all.set("job", monitor.key().toString());
    if (!spec.string("jobLabel").isEmpty()) {
      all.copyIfAny(Relabelings.label("pod", spec.string("jobLabel")), "job");
    }
    if (!port.isEmpty() || !targetPort.isEmpty()) {
      all.set("endpoint", port.isEmpty() ? targetPort : port);
    }
    return all;
  }
}

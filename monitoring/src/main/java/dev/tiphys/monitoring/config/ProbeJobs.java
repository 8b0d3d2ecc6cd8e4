package dev.tiphys.monitoring.config;

import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.List;
import java.util.Locale;

/// The jobs of Probes: an exporter is asked about each target.
record ProbeJobs(Scraping scraping) {

  Struct of(Monitor monitor) throws RejectedException {
    Struct spec = monitor.spec();
    Struct prober = spec.struct("prober");
    StructBuilder out = scraping.job(monitor, 0);
    out.add("honor_timestamps", !scraping.prometheus().spec().bool("overrideHonorTimestamps"));
    String path = prober.string("path");
    out.add("metrics_path", path.isEmpty() ? "/probe" : path);
    scraping.addTimes(out, spec, "interval");
    out.addUnlessEmpty("scheme", prober.string("scheme").toLowerCase(Locale.ROOT));
    out.addUnlessEmpty("params", params(spec));
    scraping.addHttp(
        out,
        monitor,
        StructBuilder.from(spec).addAll(prober.without("url").without("path")).build());
    Relabelings relabelings = Relabelings.begun();
    if (!spec.string("jobName").isEmpty()) {
      relabelings.set("job", spec.string("jobName"));
    }
    Struct targets = spec.struct("targets");
    boolean fixed = targets.has("staticConfig");
    if (fixed) {
      fixed(out, monitor, targets.struct("staticConfig"), relabelings);
    } else {
      ingress(out, monitor, targets.struct("ingress"), relabelings);
    }
    relabelings.copy("__param_target", "instance").set("__address__", prober.string("url"));
    return scraping.finished(
        out,
        monitor,
        relabelings,
        targets.struct(fixed ? "staticConfig" : "ingress").structs("relabelingConfigs"),
        spec.structs("metricRelabelings"));
  }

  private static Struct params(Struct spec) {
    StructBuilder params = new StructBuilder();
    for (Struct each : spec.structs("params")) {
      params.add(each.string("name"), each.list("values"));
    }
    String module = spec.string("module");
    return (module.isEmpty() ? params : params.add("module", List.of(module))).build();
  }

  private static void fixed(
      StructBuilder out, Monitor monitor, Struct config, Relabelings relabelings) {
    Struct labels = config.struct("labels");
    out.add(
        "static_configs",
        List.of(
            Struct.of(
                "targets",
                config.list("static"),
                "labels",
                labels.has("namespace") ? labels : labels.with("namespace", monitor.namespace()))));
    relabelings.copy("__address__", "__param_target");
  }

  private void ingress(StructBuilder out, Monitor monitor, Struct config, Relabelings relabelings) {
    out.add(
        "kubernetes_sd_configs",
        List.of(scraping.discovery(monitor, "ingress", config.struct("namespaceSelector"), "")));
    relabelings
        .select("ingress", config.struct("selector"))
        .add(
            new StructBuilder()
                .add("action", "replace")
                .add("regex", "(.+);(.+);(.+)")
                .add("replacement", "${1}://${2}${3}")
                .add("separator", ";")
                .add(
                    "source_labels",
                    List.of(
                        "__meta_kubernetes_ingress_scheme",
                        "__address__",
                        "__meta_kubernetes_ingress_path"))
                .add("target_label", "__param_target")
                .build())
        .copy("__meta_kubernetes_namespace", "namespace")
        .copy("__meta_kubernetes_ingress_name", "ingress")
        .copy("__address__", "__tmp_ingress_address");
  }
}

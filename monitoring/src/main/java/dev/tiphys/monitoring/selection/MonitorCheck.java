package dev.tiphys.monitoring.selection;

import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Whether a Prometheus can use an object that it selects.
///
/// @param prometheus that selects it
/// @param version of the program
/// @param sources what objects refer to
public record MonitorCheck(Prometheus prometheus, Version version, Sources sources) {

  private static final Pattern HOST =
      Pattern.compile(
          "(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9a-fA-F:]+)");
  private static final Set<String> FOUND_BY =
      Set.of("staticConfigs", "httpSDConfigs", "kubernetesSDConfigs", "dnsSDConfigs");

  /// @throws RejectedException if it cannot
  public void check(Monitor monitor) throws RejectedException {
    switch (monitor.resource().kind()) {
      case "ServiceMonitor" -> serviceMonitor(monitor);
      case "PodMonitor" -> podMonitor(monitor);
      case "Probe" -> probe(monitor);
      case "ScrapeConfig" -> scrapeConfig(monitor);
      default -> {} // rules are read by promtool
    }
  }

  private void serviceMonitor(Monitor monitor) throws RejectedException {
    selector(monitor.spec().struct("selector"), "");
    List<Struct> endpoints = monitor.spec().structs("endpoints");
    for (int i = 0; i < endpoints.size(); i++) {
      Struct endpoint = endpoints.get(i);
      in(
          "endpoints[" + i + "]",
          () -> {
            new HttpCheck(sources, monitor.namespace()).check(endpoint);
            timeout(endpoint.string("interval"), endpoint.string("scrapeTimeout"));
            relabelings(endpoint, "relabelings", "relabelConfigs");
            relabelings(endpoint, "metricRelabelings", "metricRelabelConfigs");
          });
    }
    in("scrapeClassName", () -> scrapeClass(monitor.spec()));
  }

  private void podMonitor(Monitor monitor) throws RejectedException {
    selector(monitor.spec().struct("selector"), "failed to parse label selector: ");
    List<Struct> endpoints = monitor.spec().structs("podMetricsEndpoints");
    for (int i = 0; i < endpoints.size(); i++) {
      Struct endpoint = endpoints.get(i);
      in(
          "endpoint[" + i + "]",
          () -> {
            timeout(endpoint.string("interval"), endpoint.string("scrapeTimeout"));
            relabelings(endpoint, "relabelings", "relabelConfigs");
            relabelings(endpoint, "metricRelabelings", "metricRelabelConfigs");
            new HttpCheck(sources, monitor.namespace()).check(endpoint);
          });
    }
    in("scrapeClassName", () -> scrapeClass(monitor.spec()));
  }

  private void probe(Monitor monitor) throws RejectedException {
    Struct spec = monitor.spec();
    in("scrapeClassName", () -> scrapeClass(spec));
    Struct targets = spec.struct("targets");
    if (!targets.has("staticConfig") && !targets.has("ingress")) {
      throw new RejectedException(
          "at least one of .spec.targets.staticConfig and .spec.targets.ingress is required");
    }
    new HttpCheck(sources, monitor.namespace()).check(spec);
    timeout(spec.string("interval"), spec.string("scrapeTimeout"));
    relabelings(spec, "metricRelabelings", "metricRelabelConfigs");
    for (String each : List.of("staticConfig", "ingress")) {
      Struct config = targets.struct(each);
      in("targets." + each + ".labels", () -> labels(config.struct("labels")));
      relabelings(config, "relabelingConfigs", "targets." + each + ".relabelConfigs");
    }
    selector(targets.struct("ingress", "selector"), "");
    String url = spec.string("prober", "url");
    int colon = url.endsWith("]") ? -1 : url.lastIndexOf(':');
    boolean port = colon >= 0 && url.indexOf(':') == colon || url.contains("]:");
    String host = port ? url.substring(0, colon) : url;
    if (!HOST.matcher(host).matches()) {
      throw prober(url, "invalid host: \"" + host + "\"");
    }
    if (port && !isPort(url.substring(colon + 1))) {
      throw prober(url, "invalid port: \"" + url.substring(colon + 1) + "\"");
    }
  }

  private static RejectedException prober(String url, String why) {
    return new RejectedException(
        ("\"%s\" url specified in proberSpec is invalid, it should be of the format `hostname` or"
                + " `hostname:port`: %s")
            .formatted(url, why));
  }

  private static boolean isPort(String text) {
    return text.matches("\\d{1,5}")
        && Integer.parseInt(text) > 0
        && Integer.parseInt(text) <= 65_535;
  }

  private void scrapeConfig(Monitor monitor) throws RejectedException {
    Struct spec = monitor.spec();
    scrapeClass(spec);
    relabelings(spec, "relabelings", "relabelConfigs");
    new HttpCheck(sources, monitor.namespace()).check(spec);
    timeout(spec.string("scrapeInterval"), spec.string("scrapeTimeout"));
    relabelings(spec, "metricRelabelings", "metricRelabelConfigs");
    for (String field : spec.names()) {
      if (field.endsWith("SDConfigs") && !FOUND_BY.contains(field)) {
        throw new RejectedException(
            field.equals("fileSDConfigs")
                ? "fileSDConfigs: it accesses file system which Prometheus specification prohibits"
                : field + ": this way to find targets is not supported");
      }
    }
    discoveries(monitor, spec);
  }

  private void discoveries(Monitor monitor, Struct spec) throws RejectedException {
    each(spec, "staticConfigs", config -> labels(config.struct("labels")));
    each(spec, "httpSDConfigs", new HttpCheck(sources, monitor.namespace())::check);
    each(
        spec,
        "kubernetesSDConfigs",
        config -> {
          new HttpCheck(sources, monitor.namespace()).check(config);
          if (config.has("apiServer")) {
            throw new RejectedException("targets of other clusters are not supported");
          }
        });
    each(
        spec,
        "dnsSDConfigs",
        config -> {
          String type = config.string("type");
          if (!type.isEmpty() && !type.equals("SRV") && !config.has("port")) {
            throw new RejectedException("port required for record type \"" + type + "\"");
          }
        });
  }

  /// Looks at one of several settings.
  private interface OfOne {
    void look(Struct config) throws RejectedException;
  }

  private static void each(Struct spec, String field, OfOne check) throws RejectedException {
    List<Struct> all = spec.structs(field);
    for (int i = 0; i < all.size(); i++) {
      Struct one = all.get(i);
      in(field + ": [" + i + "]", () -> check.look(one));
    }
  }

  private static void selector(Struct selector, String before) throws RejectedException {
    try {
      LabelSelector _ = LabelSelector.from(selector);
    } catch (IllegalArgumentException e) {
      throw new RejectedException(before + e.getMessage());
    }
  }

  private void timeout(String interval, String timeout) throws RejectedException {
    if (timeout.isEmpty()) {
      return;
    }
    String every = interval.isEmpty() ? prometheus.scrapeInterval() : interval;
    if (duration("invalid scrapeTimeout: \"%s\": %s", timeout)
            .compareTo(duration("invalid scrapeInterval \"%s\": %s", every))
        > 0) {
      throw new RejectedException(
          "scrapeTimeout \"%s\" greater than scrapeInterval \"%s\"".formatted(timeout, every));
    }
  }

  private static Duration duration(String message, String text) throws RejectedException {
    try {
      return PrometheusDuration.parse(text);
    } catch (IllegalArgumentException e) {
      throw new RejectedException(message.formatted(text, e.getMessage()));
    }
  }

  private void relabelings(Struct settings, String field, String place) throws RejectedException {
    in(place, () -> new RelabelCheck(version).check(settings.structs(field)));
  }

  private void labels(Struct labels) throws RejectedException {
    for (String name : labels.names()) {
      if (!new RelabelCheck(version).isLabel(name)) {
        throw new RejectedException("invalid label \"" + name + "\"");
      }
    }
  }

  private void scrapeClass(Struct spec) throws RejectedException {
    String name = spec.string("scrapeClass");
    if (!name.isEmpty() && !prometheus.scrapeClass(name).string("name").equals(name)) {
      throw new RejectedException(
          "scrapeClass \"" + name + "\" not found in Prometheus scrapeClasses");
    }
  }

  /// Looks at a part of an object.
  private interface Look {
    void run() throws RejectedException;
  }

  private static void in(String place, Look look) throws RejectedException {
    try {
      look.run();
    } catch (RejectedException e) {
      throw e.in(place);
    }
  }
}

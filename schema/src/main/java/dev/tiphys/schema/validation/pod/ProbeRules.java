package dev.tiphys.schema.validation.pod;

import dev.tiphys.schema.TypeTable;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import java.util.List;

/// Rules for probes of containers and for the hooks of their lifecycle.
public final class ProbeRules {

  private static final String SECOND = "may not specify more than 1 handler type";
  private static final List<String> SCHEMES = List.of("HTTP", "HTTPS");
  private static final List<String> IN_PROBE = List.of("exec", "httpGet", "tcpSocket", "grpc");
  private static final List<String> IN_HOOK = List.of("exec", "httpGet", "tcpSocket", "sleep");
  private static final List<String> WINDOWS_SIGNALS = List.of("SIGKILL", "SIGTERM");
  private static final List<String> COUNTS =
      List.of(
          "initialDelaySeconds",
          "timeoutSeconds",
          "periodSeconds",
          "successThreshold",
          "failureThreshold");

  private ProbeRules() {}

  /// The lifecycle and the probes of a container.
  static void ofContainer(FieldValue container, PodContext pod) {
    lifecycle(container.at("lifecycle"), pod);
    FieldValue liveness = container.at("livenessProbe");
    probe(liveness);
    oneSuccess(liveness);
    FieldValue readiness = container.at("readinessProbe");
    probe(readiness);
    FieldValue period = readiness.at("terminationGracePeriodSeconds");
    if (period.isSet()) {
      period.invalid("must not be set for readinessProbes");
    }
    FieldValue startup = container.at("startupProbe");
    probe(startup);
    oneSuccess(startup);
  }

  private static void oneSuccess(FieldValue probe) {
    FieldValue threshold = probe.at("successThreshold");
    if (probe.isSet() && threshold.integer() != 1) {
      threshold.invalid(threshold.integer(), "must be 1");
    }
  }

  private static void probe(FieldValue probe) {
    if (!probe.isSet()) {
      return;
    }
    handler(probe, IN_PROBE, 0);
    for (String count : COUNTS) {
      probe.at(count).mustNotBeNegative();
    }
    FieldValue period = probe.at("terminationGracePeriodSeconds");
    if (period.isSet() && period.integer() <= 0) {
      period.invalid("must be greater than 0");
    }
  }

  private static void lifecycle(FieldValue lifecycle, PodContext pod) {
    if (!lifecycle.isSet()) {
      return;
    }
    long period = pod.spec().integer("terminationGracePeriodSeconds");
    for (String hook : List.of("postStart", "preStop")) {
      if (lifecycle.at(hook).isSet()) {
        handler(lifecycle.at(hook), IN_HOOK, period);
      }
    }
    if (lifecycle.at("stopSignal").isSet()) {
      stopSignal(lifecycle.at("stopSignal"), pod);
    }
  }

  private static void stopSignal(FieldValue signal, PodContext pod) {
    switch (pod.spec().string("os", "name")) {
      case "windows" -> signal.mustBeOneOf(WINDOWS_SIGNALS);
      case "linux" ->
          signal.mustBeOneOf(TypeTable.BUILT_IN.enumeration("io.k8s.api.core.v1", "Signal"));
      default -> {
        if (!pod.spec().has("os")) {
          signal.forbidden("may not be set for containers with empty `spec.os.name`");
        }
      }
    }
  }

  private static void handler(FieldValue parent, List<String> sorts, long period) {
    boolean found = false;
    for (String sort : sorts) {
      FieldValue handler = parent.at(sort);
      if (handler.isSet()) {
        if (found) {
          handler.forbidden(SECOND);
        } else {
          found = true;
          handler(handler, sort, period);
        }
      }
    }
    if (!found) {
      parent.required("must specify a handler type");
    }
  }

  private static void handler(FieldValue handler, String sort, long period) {
    switch (sort) {
      case "exec" -> handler.at("command").mustBeSet();
      case "httpGet" -> httpGet(handler);
      case "sleep" -> sleep(handler, period);
      default -> portOrName(handler.at("port"));
    }
  }

  private static void httpGet(FieldValue handler) {
    handler.at("path").mustBeSet();
    portOrName(handler.at("port"));
    handler.at("scheme").mustBeOneOf(SCHEMES);
    for (FieldValue header : handler.at("httpHeaders").items()) {
      handler.at("httpHeaders").holding(header.at("name").string()).mustBe(Formats::headerName);
    }
  }

  private static void sleep(FieldValue handler, long period) {
    long seconds = handler.at("seconds").integer();
    if (seconds < 0 || seconds > period) {
      handler.invalid(
          seconds,
          "must be non-negative and less than terminationGracePeriodSeconds (" + period + ")");
    }
  }

  /// A number of a port, or the name of one.
  public static void portOrName(FieldValue port) {
    if (port.value() instanceof String) {
      port.mustBe(Formats::portName);
    } else {
      port.mustBePort();
    }
  }
}

package dev.tiphys.monitoring.state.families;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.Arrays;

/// What containers of Pods say: those that work, or those that come before them.
///
/// @param name as in the families' names
/// @param specs where a Pod's spec has them
/// @param statuses where its status has them
record ContainerFamilies(String name, String specs, String statuses) {

  private static final String CONTAINER = "container";

  void addTo(KindFamilies.Builder table) {
    String prefix = "_" + name;
    table
        .gauge(prefix + "_info", "A container, with its image.", this::info)
        .gauge(
            prefix + "_resource_limits",
            "How much a container may use.",
            (pod, out) -> resources(pod, out, "limits"))
        .gauge(
            prefix + "_resource_requests",
            "How much is set aside for a container.",
            (pod, out) -> resources(pod, out, "requests"))
        .gauge(prefix + "_state_started", "When a container was started.", each(this::started))
        .gauge(
            prefix + "_status_last_terminated_reason",
            "Why a container ended last time.",
            reason("lastState", "terminated"))
        .gauge(
            prefix + "_status_last_terminated_exitcode",
            "What a container ended with last time.",
            each(ContainerFamilies::exitCode))
        .gauge(
            prefix + "_status_last_terminated_timestamp",
            "When a container ended last time.",
            each((status, out) -> time(status, out, "lastState", "terminated", "finishedAt")))
        .gauge(
            prefix + "_status_ready",
            "1 if a container can serve, or else 0.",
            each((status, out) -> of(status, out, status.bool("ready") ? 1 : 0)))
        .counter(
            prefix + "_status_restarts_total",
            "How often a container was started again.",
            each((status, out) -> of(status, out, status.integer("restartCount"))))
        .gauge(prefix + "_status_running", "1 if a container runs, or else 0.", is("running"))
        .gauge(
            prefix + "_status_terminated",
            "1 if a container has ended, or else 0.",
            is("terminated"))
        .gauge(
            prefix + "_status_terminated_reason",
            "Why a container has ended.",
            reason("state", "terminated"))
        .gauge(prefix + "_status_waiting", "1 if a container waits, or else 0.", is("waiting"))
        .gauge(
            prefix + "_status_waiting_reason",
            "What a container waits for.",
            reason("state", "waiting"));
  }

  private Rule each(Rule rule) {
    return (pod, out) -> pod.structs("status", statuses).forEach(status -> rule.write(status, out));
  }

  private static void of(Struct status, Samples out, double value) {
    out.add(value, CONTAINER, status.string("name"));
  }

  private Rule is(String state) {
    return each((status, out) -> of(status, out, status.has("state", state) ? 1 : 0));
  }

  private Rule reason(String... state) {
    return each(
        (status, out) -> {
          if (status.has(state)) {
            String reason = status.struct(state).string("reason");
            out.add(1, CONTAINER, status.string("name"), "reason", reason);
          }
        });
  }

  private static void time(Struct status, Samples out, String... path) {
    Instant time = Timestamps.of(status.get(path));
    if (time != null) {
      of(status, out, time.getEpochSecond());
    }
  }

  private void started(Struct status, Samples out) {
    String state = status.has("state", "running") ? "running" : "terminated";
    time(status, out, "state", state, "startedAt");
  }

  private static void exitCode(Struct status, Samples out) {
    if (status.has("lastState", "terminated")) {
      of(status, out, status.integer("lastState", "terminated", "exitCode"));
    }
  }

  private void info(Struct pod, Samples out) {
    for (Struct spec : pod.structs("spec", specs)) {
      for (Struct status : pod.structs("status", statuses)) {
        if (status.string("name").equals(spec.string("name"))) {
          info(spec, status, out);
        }
      }
    }
  }

  private void info(Struct spec, Struct status, Samples out) {
    String[] labels = {
      CONTAINER,
      status.string("name"),
      "image_spec",
      spec.string("image"),
      "image",
      status.string("image"),
      "image_id",
      status.string("imageID"),
      "container_id",
      status.string("containerID"),
      "restart_policy",
      spec.string("restartPolicy")
    };
    boolean first = specs.equals("initContainers");
    out.add(1, first ? labels : Arrays.copyOf(labels, labels.length - 2));
  }

  private void resources(Struct pod, Samples out, String which) {
    String node = pod.string("spec", "nodeName");
    for (Struct spec : pod.structs("spec", specs)) {
      spec.struct("resources", which)
          .forEach(
              (resource, amount) -> {
                Unit unit = Unit.of(resource);
                if (unit != null && unit != Unit.PODS) {
                  out.add(
                      Rule.amount(amount),
                      CONTAINER,
                      spec.string("name"),
                      "node",
                      node,
                      "resource",
                      PrometheusName.of(resource),
                      "unit",
                      unit.text());
                }
              });
    }
  }
}

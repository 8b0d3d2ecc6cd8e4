package dev.tiphys.delivery.validation;

import dev.tiphys.delivery.model.Amounts;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Objects;

/// What the strategy of a Rollout alone tells, its steps aside. Pure.
record StrategyRules(Rollout rollout, Problems problems) {

  private static final String BLUE_GREEN = "spec.strategy.blueGreen";
  private static final String CANARY = "spec.strategy.canary";
  private static final List<String> WITH_MAX_WEIGHT = List.of("nginx", "plugins");
  private static final List<String> WITH_PING_PONG = List.of("alb", "istio", "plugins");

  void check() {
    if (rollout.isBlueGreen()) {
      blueGreen(rollout.spec().struct("strategy", "blueGreen"));
    } else if (rollout.isCanary()) {
      canary(rollout.spec().struct("strategy", "canary"));
    }
  }

  private void blueGreen(Struct spec) {
    if (spec.string("activeService").isEmpty()) {
      problems.required(
          BLUE_GREEN + ".activeService",
          "Rollout has missing field '.spec.strategy.blueGreen.activeService'");
    }
    if (spec.string("activeService").equals(spec.string("previewService"))) {
      problems.invalid(
          BLUE_GREEN + ".activeService",
          spec.string("activeService"),
          "This rollout uses the same service for the active and preview services, but two different services are required.");
    }
    revisions(spec, BLUE_GREEN);
    affinity(spec, BLUE_GREEN);
  }

  private void revisions(Struct spec, String path) {
    long limit = spec.integer("scaleDownDelayRevisionLimit");
    if (limit > rollout.historyLimit()) {
      problems.invalid(
          path + ".scaleDownDelayRevisionLimit",
          limit,
          "This rollout's revision history limit can not be smaller than the rollout's scale down limit");
    }
  }

  private void affinity(Struct spec, String path) {
    if (!spec.has("antiAffinity")) {
      return;
    }
    Struct affinity = spec.struct("antiAffinity");
    boolean preferred = affinity.has("preferredDuringSchedulingIgnoredDuringExecution");
    boolean required = affinity.has("requiredDuringSchedulingIgnoredDuringExecution");
    if (preferred == required) {
      problems.invalid(
          path + ".antiAffinity", affinity, "AntiAffinity must have exactly one strategy listed");
    } else if (preferred) {
      long weight = affinity.integer("preferredDuringSchedulingIgnoredDuringExecution", "weight");
      if (weight < 1 || weight > 100) {
        problems.invalid(
            path + ".antiAffinity.preferredDuringSchedulingIgnoredDuringExecution.weight",
            weight,
            "AntiAffinity weight must be between 1-100");
      }
    }
  }

  private void canary(Struct spec) {
    String stable = spec.string("stableService");
    if (!stable.isEmpty() && stable.equals(spec.string("canaryService"))) {
      problems.invalid(
          CANARY + ".stableService",
          stable,
          "This rollout uses the same service for the stable and canary services, but two different services are required.");
    }
    if (spec.has("pingPong")) {
      pingPong(spec);
    }
    Struct routing = spec.struct("trafficRouting");
    if (spec.has("trafficRouting") && !spec.has("pingPong")) {
      services(spec, routing);
    }
    delays(spec);
    if (routing.has("maxTrafficWeight") && WITH_MAX_WEIGHT.stream().noneMatch(routing::has)) {
      problems.invalid(
          CANARY + ".trafficRouting.maxTrafficWeight",
          routing.integer("maxTrafficWeight"),
          "Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins");
    }
    amounts(spec);
    revisions(spec, CANARY);
    affinity(spec, CANARY);
  }

  private void pingPong(Struct spec) {
    Struct routing = spec.struct("trafficRouting");
    if (WITH_PING_PONG.stream().noneMatch(routing::has)) {
      problems.invalid(
          CANARY + ".trafficRouting.alb",
          "",
          "Ping-pong feature works with the ALB, Istio, and plugin-based traffic routers only");
    }
    for (String field : List.of("pingService", "pongService")) {
      if (spec.string("pingPong", field).isEmpty()) {
        problems.invalid(
            CANARY + ".pingPong." + field,
            "",
            "Ping service and Pong service must to be set to use Ping-Pong feature");
      }
    }
    if (spec.string("pingPong", "pingService").equals(spec.string("pingPong", "pongService"))) {
      problems.invalid(
          CANARY + ".pingPong.pingService",
          spec.string("pingPong", "pingService"),
          "This rollout uses the same service for the ping and pong services, but two different services are required.");
    }
  }

  private void services(Struct spec, Struct routing) {
    if (routing.has("istio", "destinationRule")) {
      return; // Pods are told apart by their labels
    }
    for (String field : List.of("stableService", "canaryService")) {
      if (spec.string(field).isEmpty()) {
        problems.invalid(
            CANARY + "." + field,
            "",
            "Canary service and Stable service must to be set to use Traffic Routing");
      }
    }
  }

  private void delays(Struct spec) {
    boolean routed = spec.has("trafficRouting");
    boolean delayed = spec.has("scaleDownDelaySeconds");
    boolean dynamic = spec.bool("dynamicStableScale");
    if (delayed && !routed) {
      problems.invalid(
          CANARY + ".scaleDownDelaySeconds",
          spec.integer("scaleDownDelaySeconds"),
          "Canary scaleDownDelaySeconds can only be used with traffic routing");
    }
    if (dynamic && !routed) {
      problems.invalid(
          CANARY + ".dynamicStableScale",
          true,
          "Canary dynamicStableScale can only be used with traffic routing");
    }
    if (dynamic && delayed) {
      problems.invalid(
          CANARY + ".dynamicStableScale",
          true,
          "Canary dynamicStableScale cannot be used with scaleDownDelaySeconds");
    }
  }

  private void amounts(Struct spec) {
    for (String field : List.of("maxSurge", "maxUnavailable")) {
      Object value = spec.get(field);
      if (value != null && !Amounts.isValid(value)) {
        problems.invalid(
            CANARY + "." + field,
            value,
            "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')");
      }
    }
    if (Amounts.isZero(spec.get("maxSurge")) && Amounts.isZero(spec.get("maxUnavailable"))) {
      problems.invalid(
          CANARY + ".maxSurge",
          Objects.requireNonNull(spec.get("maxSurge")),
          "MaxSurge and MaxUnavailable both can not be zero");
    }
  }
}

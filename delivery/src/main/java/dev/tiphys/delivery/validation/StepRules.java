package dev.tiphys.delivery.validation;

import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is wrong with the steps of a canary. Pure.
record StepRules(Rollout rollout, Problems problems) {

  private static final String ROUTING = "spec.strategy.canary.trafficRouting";

  private static final List<String> KINDS =
      List.of(
          "setWeight",
          "pause",
          "setCanaryScale",
          "analysis",
          "experiment",
          "setHeaderRoute",
          "setMirrorRoute",
          "plugin");

  /// Which routers can do what a step asks for, and what is said if none of them is there.
  private static final Map<String, List<String>> ROUTERS =
      Map.of(
          "setHeaderRoute", List.of("istio", "alb", "apisix", "plugins"),
          "setMirrorRoute", List.of("istio", "plugins"));

  private static final Map<String, String> MISSING =
      Map.of(
          "setHeaderRoute",
          "SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix",
          "setMirrorRoute",
          "SetMirrorRoute requires TrafficRouting, supports Istio and Plugins");

  void check() {
    List<Struct> steps = rollout.spec().structs("strategy", "canary", "steps");
    for (int i = 0; i < steps.size(); i++) {
      step("spec.strategy.canary.steps[" + i + "]", steps.get(i));
    }
  }

  private void step(String path, Struct step) {
    if (KINDS.stream().filter(step::has).count() != 1) {
      problems.invalid(
          path,
          step,
          "Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause");
      return;
    }
    long most = rollout.canary().maxWeight();
    if (step.has("setWeight")
        && (step.integer("setWeight") < 0 || step.integer("setWeight") > most)) {
      problems.invalid(
          path + ".setWeight",
          step.integer("setWeight"),
          "SetWeight needs to be between 0 and " + most);
    }
    if (step.has("pause")) {
      pause(path + ".pause.duration", step.struct("pause").get("duration"));
    }
    if (step.has("setCanaryScale") && !rollout.canary().isRouted()) {
      problems.required(ROUTING, "SetCanaryScale requires TrafficRouting to be set");
    }
    for (String kind : ROUTERS.keySet()) {
      if (step.has(kind)) {
        route(path, kind, step.struct(kind));
      }
    }
    if (step.has("experiment")) {
      experiment(path + ".experiment", step.struct("experiment"));
    }
    if (step.has("plugin")) {
      problems.invalid(
          path + ".plugin", step.struct("plugin"), "steps of this kind are not supported");
    }
  }

  private void experiment(String path, Struct experiment) {
    List<Struct> templates = experiment.structs("templates");
    Struct routing = rollout.canary().trafficRouting();
    for (int i = 0; i < templates.size(); i++) {
      Struct template = templates.get(i);
      String place = path + ".templates[" + i + "]";
      if (!List.of("stable", "canary").contains(template.string("specRef"))) {
        problems.invalid(
            place + ".specRef",
            template.string("specRef"),
            "Invalid template step SpecRef: must be canary or stable");
      }
      if (!template.has("weight")) {
        continue;
      }
      if (!rollout.canary().isRouted()) {
        problems.invalid(
            place + ".weight",
            template.integer("weight"),
            "Experiment template weight cannot be set unless TrafficRouting is enabled");
      } else if (List.of("alb", "smi", "istio", "plugins").stream().noneMatch(routing::has)) {
        problems.invalid(
            place + ".weight",
            template.integer("weight"),
            "Experiment template weight is only available for TrafficRouting with SMI, ALB, Istio and"
                + " Plugins at this time");
      }
    }
    if (experiment.has("duration") && nanos(experiment.string("duration")) < 0) {
      problems.invalid(
          path + ".duration", experiment.string("duration"), "Duration needs to be greater than 0");
    }
  }

  private void pause(String path, @Nullable Object duration) {
    long nanos =
        switch (duration) {
          case null -> 1;
          case Long seconds -> seconds;
          case String text -> nanos(text);
          default -> -1;
        };
    if (nanos < 0) {
      problems.invalid(
          path, duration == null ? "" : duration, "Duration needs to be greater than 0");
    }
  }

  private static long nanos(String text) {
    try {
      return text.matches("[0-9]+") ? Long.parseLong(text) : GoDuration.nanos(text);
    } catch (IllegalArgumentException e) {
      return -1;
    }
  }

  private void route(String path, String kind, Struct route) {
    Struct routing = rollout.canary().trafficRouting();
    if (ROUTERS.getOrDefault(kind, List.of()).stream().noneMatch(routing::has)) {
      problems.invalid(path + "." + kind, route, MISSING.getOrDefault(kind, ""));
      return;
    }
    boolean managed =
        routing.structs("managedRoutes").stream()
            .anyMatch(each -> each.string("name").equals(route.string("name")));
    if (!managed) {
      problems.invalid(
          path,
          route.string("name"),
          "Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes");
    }
    if (kind.equals("setHeaderRoute")) {
      route.structs("match").forEach(match -> header(path + ".setHeaderRoute", match));
    }
  }

  private void header(String path, Struct match) {
    Struct value = match.struct("headerValue");
    if (value.isEmpty()) {
      problems.invalid(
          path + ".match",
          match,
          "StringMatch value missed, match value must have one of the following: exact, regex, prefix");
    } else if (value.size() > 1) {
      problems.invalid(
          path + ".match",
          match,
          "StringMatch match value must have exactly one of the following: exact, regex, prefix");
    }
  }
}

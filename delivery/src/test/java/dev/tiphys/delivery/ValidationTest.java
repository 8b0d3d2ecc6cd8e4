package dev.tiphys.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is wrong with Rollouts, and what is said of it.
class ValidationTest {

  private static final String MISSING_SERVICES =
      "Canary service and Stable service must to be set to use Traffic Routing";

  /// Changes to the spec of a sound Rollout, and what is told of it then.
  private static final List<List<String>> CASES =
      List.of(
          rule("{strategy: {canary: {}}}", ""),
          rule(
              "{strategy: {}}",
              "spec.strategy: Required value: Rollout has missing field"
                  + " '.spec.strategy.canary or .spec.strategy.blueGreen'"),
          rule(
              "{strategy: {canary: {}, blueGreen: {activeService: a}}}",
              "Multiple Strategies can not be listed"),
          rule(
              "{selector: null}",
              "spec.selector: Required value: Rollout has missing field '.spec.selector'"),
          rule("{selector: {}}", "empty selector is invalid for deployment"),
          rule(
              "{selector: {matchLabels: {app: other}}}",
              "`selector` does not match template `labels`"),
          rule(
              "{minReadySeconds: 600}",
              "spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds"),
          rule(
              "{template: {metadata: {labels: {app: web}}, spec: {containers: []}}}",
              "spec.template.spec.containers: Required value"),
          rule(
              "{strategy: {blueGreen: {activeService: a, previewService: a}}}",
              "This rollout uses the same service for the active and preview services, but two different services are required."),
          rule(
              "{strategy: {blueGreen: {activeService: a, scaleDownDelayRevisionLimit: 11}}}",
              "spec.strategy.blueGreen.scaleDownDelayRevisionLimit: Invalid value: 11: This rollout's revision history limit can not be smaller than the rollout's scale down limit"),
          rule(
              "{strategy: {blueGreen: {activeService: none}}}",
              "spec.strategy.blueGreen.activeService: Invalid value: \"none\": service \"none\" not found"),
          rule(
              "{strategy: {blueGreen: {activeService: odd}}}",
              "Service \"odd\" has unmatch label \"app\" in rollout"),
          rule(
              "{strategy: {blueGreen: {activeService: a, antiAffinity: {}}}}",
              "AntiAffinity must have exactly one strategy listed"),
          rule(
              "{strategy: {blueGreen: {activeService: a, antiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: {weight: 101}}}}}",
              "AntiAffinity weight must be between 1-100"),
          rule(
              "{strategy: {canary: {stableService: a, canaryService: a}}}",
              "This rollout uses the same service for the stable and canary services, but two different services are required."),
          rule(
              "{strategy: {canary: {trafficRouting: {nginx: {stableIngress: i}}}}}",
              MISSING_SERVICES),
          rule(
              "{strategy: {canary: {steps: [{setWeight: -1}]}}}",
              "spec.strategy.canary.steps[0].setWeight: Invalid value: -1: SetWeight needs to be between 0 and 100"),
          rule(
              "{strategy: {canary: {steps: [{pause: {duration: -5}}]}}}",
              "spec.strategy.canary.steps[0].pause.duration: Invalid value: -5: Duration needs to be greater than 0"),
          rule(
              "{strategy: {canary: {steps: [{pause: {duration: soon}}]}}}",
              "Duration needs to be greater than 0"),
          rule(
              "{strategy: {canary: {steps: [{}]}}}",
              "spec.strategy.canary.steps[0]: Invalid value: {}: Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause"),
          rule(
              "{strategy: {canary: {steps: [{setWeight: 1, pause: {}}]}}}",
              "Step must have one of the following set"),
          rule(
              "{strategy: {canary: {steps: [{setCanaryScale: {replicas: 1}}]}}}",
              "spec.strategy.canary.trafficRouting: Required value: SetCanaryScale requires TrafficRouting to be set"),
          rule(
              "{strategy: {canary: {steps: [{setHeaderRoute: {name: h}}]}}}",
              "SetHeaderRoute requires TrafficRouting, supports Istio and ALB and Apisix"),
          rule(
              "{strategy: {canary: {steps: [{setMirrorRoute: {name: m}}]}}}",
              "SetMirrorRoute requires TrafficRouting, supports Istio and Plugins"),
          rule(
              "{strategy: {canary: {stableService: a, canaryService: b, trafficRouting: {istio: {}}, steps: [{setHeaderRoute: {name: h}}]}}}",
              "Steps define a route that does not exist in spec.strategy.canary.trafficRouting.managedRoutes"),
          rule(
              "{strategy: {canary: {scaleDownDelaySeconds: 1}}}",
              "Canary scaleDownDelaySeconds can only be used with traffic routing"),
          rule(
              "{strategy: {canary: {dynamicStableScale: true}}}",
              "Canary dynamicStableScale can only be used with traffic routing"),
          rule(
              "{strategy: {canary: {stableService: a, canaryService: b, trafficRouting: {istio: {}}, dynamicStableScale: true, scaleDownDelaySeconds: 1}}}",
              "Canary dynamicStableScale cannot be used with scaleDownDelaySeconds"),
          rule(
              "{strategy: {canary: {maxSurge: 0, maxUnavailable: 0%}}}",
              "MaxSurge and MaxUnavailable both can not be zero"),
          rule(
              "{strategy: {canary: {stableService: a, canaryService: b, trafficRouting: {istio: {}, maxTrafficWeight: 1000}}}}",
              "Canary maxTrafficWeight in traffic routing only supported in Nginx and Plugins"),
          rule(
              "{strategy: {canary: {pingPong: {pingService: a, pongService: a}, trafficRouting: {istio: {}}}}}",
              "This rollout uses the same service for the ping and pong services, but two different services are required."),
          rule(
              "{strategy: {canary: {steps: [{experiment: {templates: [{name: x, specRef: canary, weight: 5}]}}]}}}",
              "Experiment template weight cannot be set unless TrafficRouting is enabled"),
          rule(
              "{strategy: {canary: {stableService: a, canaryService: b, trafficRouting: {nginx: {stableIngress: i}}, steps: [{experiment: {templates: [{name: x, specRef: canary, weight: 5}]}}]}}}",
              "Experiment template weight is only available for TrafficRouting with SMI, ALB, Istio and Plugins at this time"),
          rule(
              "{strategy: {canary: {steps: [{experiment: {templates: [{name: x, specRef: other}]}}]}}}",
              "Invalid template step SpecRef: must be canary or stable"),
          rule(
              "{strategy: {canary: {steps: [{experiment: {templates: [{name: x, specRef: canary}], analyses: [{name: a, templateName: none}]}}]}}}",
              "AnalysisTemplate 'none' not found"),
          rule(
              "{strategy: {canary: {steps: [{plugin: {name: x}}]}}}",
              "steps of this kind are not supported"));

  private static List<String> rule(String change, String told) {
    return List.of(change, told);
  }

  @Test
  void whatIsWrongIsToldInTheWordsOfArgoRollouts() {
    List<String> wrong = new ArrayList<>();
    try (RolloutCluster it = new RolloutCluster(1)) {
      it.service("a");
      it.service("b");
      it.service("odd");
      it.cluster.change(
          ApiResource.SERVICES,
          "odd",
          service -> service.withAt("else", "spec", "selector", "app"));
      for (List<String> rule : CASES) {
        String phase = phaseWith(it, rule.getFirst());
        boolean sound = rule.getLast().isEmpty();
        boolean told =
            sound
                ? phase.equals("Healthy")
                : phase.startsWith("Degraded InvalidSpec: The Rollout \"web\" is invalid: spec.")
                    && phase.contains(rule.getLast());
        if (!told) {
          wrong.add(rule + " but: " + phase);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static String phaseWith(RolloutCluster it, String change) {
    Struct changes = Yaml.struct(change);
    boolean strategy = changes.has("strategy");
    it.rollout(1, strategy ? "{}" : "canary: {}", change);
    String phase = it.phase();
    it.cluster.delete(DeliveryResources.ROLLOUTS, "web");
    it.settle();
    return phase;
  }
}

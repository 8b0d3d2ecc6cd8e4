package dev.tiphys.apiserver.advice;

import dev.tiphys.apiserver.advice.access.Roles;
import dev.tiphys.apiserver.advice.access.Secrets;
import dev.tiphys.apiserver.advice.manifest.Rule;
import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.apiserver.advice.manifest.Template;
import dev.tiphys.apiserver.advice.network.Ingresses;
import dev.tiphys.apiserver.advice.network.NetworkPolicies;
import dev.tiphys.apiserver.advice.network.Services;
import dev.tiphys.apiserver.advice.pods.Amounts;
import dev.tiphys.apiserver.advice.pods.Commands;
import dev.tiphys.apiserver.advice.pods.Identities;
import dev.tiphys.apiserver.advice.pods.Keys;
import dev.tiphys.apiserver.advice.pods.Mounts;
import dev.tiphys.apiserver.advice.pods.Placement;
import dev.tiphys.apiserver.advice.pods.Probes;
import dev.tiphys.apiserver.advice.pods.Users;
import dev.tiphys.apiserver.advice.pods.Variables;
import dev.tiphys.apiserver.advice.references.References;
import dev.tiphys.apiserver.advice.workloads.Autoscalers;
import dev.tiphys.apiserver.advice.workloads.Budgets;
import dev.tiphys.apiserver.advice.workloads.Schedules;
import dev.tiphys.apiserver.advice.workloads.Selectors;
import dev.tiphys.apiserver.advice.workloads.SingleWriters;
import dev.tiphys.apiserver.advice.workloads.StableNames;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// All that there is advice about. `docs/advice.md` shows the same table.
final class Rules {

  private static final Set<String> PODS =
      Set.of(
          "pods",
          "deployments.apps",
          "statefulsets.apps",
          "daemonsets.apps",
          "replicasets.apps",
          "replicationcontrollers",
          "jobs.batch",
          "cronjobs.batch");

  private static final Set<String> SELECTING =
      Set.of(
          "deployments.apps",
          "statefulsets.apps",
          "daemonsets.apps",
          "replicasets.apps",
          "replicationcontrollers");

  private static final Set<String> SCALED =
      Set.of("deployments.apps", "statefulsets.apps", "replicasets.apps", "replicationcontrollers");

  private static final Set<String> SET = Set.of("statefulsets.apps");
  private static final Set<String> SERVICE = Set.of("services");
  private static final Set<String> INGRESS = Set.of("ingresses.networking.k8s.io");
  private static final Set<String> POLICY = Set.of("networkpolicies.networking.k8s.io");
  private static final Set<String> BUDGET = Set.of("poddisruptionbudgets.policy");
  private static final Set<String> AUTOSCALER = Set.of("horizontalpodautoscalers.autoscaling");
  private static final Set<String> ROLES =
      Set.of("roles.rbac.authorization.k8s.io", "clusterroles.rbac.authorization.k8s.io");

  static final List<Rule> ALL =
      List.of(
          pods(
              "variable-order",
              PODS,
              "`$(NAME)` in `env` is used before NAME is defined there",
              Variables::order),
          pods(
              "variable-undefined",
              PODS,
              "`$(NAME)` in `env`, `command`, `args` or `subPathExpr` is defined nowhere",
              Variables::undefined),
          pods(
              "probe-port",
              PODS,
              "a probe or hook names a port that its container does not have",
              Probes::ports),
          pods(
              "probe-host",
              PODS,
              "a probe or hook asks a loopback address, which is the node's",
              Probes::hosts),
          pods(
              "hook-too-long",
              PODS,
              "a preStop hook sleeps for longer than the grace period",
              Probes::sleeps),
          pods(
              "command-line",
              PODS,
              "a command is a whole line, or has a shell's operators without a shell",
              Commands::lines),
          pods(
              "mount-hidden",
              PODS,
              "two volumes are mounted at one place, written differently",
              Mounts::hidden),
          pods("claim-unused", PODS, "no container mounts a claim of the Pod", Mounts::unused),
          pods(
              "name-for-number",
              SET,
              "a variable that programs read a number from is the Pod's name",
              Identities::numbers),
          pods(
              "label-missing",
              PODS,
              "a variable is a label that the Pods do not have",
              Identities::labels),
          pods(
              "memory-unit",
              PODS,
              "memory is less than a mebibyte, as with `128m` or `512`",
              Amounts::bytes),
          pods(
              "request-too-large",
              PODS,
              "Pods request more than any node has, as with `cpu: 100`",
              Amounts::tooLarge),
          pods(
              "node-label",
              PODS,
              "a nodeSelector or topologyKey asks for a label that no node has",
              Placement::labels),
          pods(
              "old-role",
              PODS,
              "only the taint that control planes had before 1.24 is tolerated",
              Placement::oldRole),
          pods(
              "spread-of-others",
              PODS,
              "a spread constraint does not select the Pods that it is for",
              Placement::spread),
          pods("root-forbidden", PODS, "a container is to run as root and must not", Users::root),
          pods(
              "key-missing",
              PODS,
              "a ConfigMap or Secret exists, and has no such key",
              Keys::missing),
          pods(
              "reference-missing",
              PODS,
              "what a changed object names does not exist",
              References::ofPods),
          rule(
              "backend-missing",
              INGRESS,
              "what a changed Ingress names does not exist",
              References::ofIngress),
          rule(
              "target-missing",
              AUTOSCALER,
              "what a changed autoscaler scales does not exist",
              References::ofAutoscaler),
          pods(
              "governing-service",
              SET,
              "the Service that a StatefulSet names is not headless or selects other Pods",
              StableNames::ofSet),
          rule(
              "governed-set",
              SERVICE,
              "the same, told when the Service is written",
              StableNames::ofService),
          pods(
              "selector-overlap",
              SELECTING,
              "a selector selects another workload's Pods",
              Selectors::overlap),
          pods(
              "pod-adopted",
              Set.of("pods"),
              "a ReplicaSet selects a Pod that is made by hand",
              Selectors::adoption),
          rule("budget-blocks", BUDGET, "a budget lets nothing go", Budgets::ofBudget),
          pods(
              "budget-too-large",
              SCALED,
              "a budget lets none of this workload's Pods go",
              Budgets::ofWorkload),
          rule(
              "scale-target",
              AUTOSCALER,
              "an autoscaler's target is in another group, or has another autoscaler",
              Autoscalers::target),
          rule(
              "scale-requests",
              AUTOSCALER,
              "an autoscaler goes by requests that its target does not make",
              Autoscalers::requests),
          pods(
              "scaled-requests",
              SCALED,
              "the same, told when the workload is written",
              Autoscalers::ofWorkload),
          rule(
              "scale-undone",
              AUTOSCALER,
              "the manifest of an autoscaler's target says how many replicas there are",
              Autoscalers::ofFixed),
          pods(
              "scaled-replicas",
              SCALED,
              "a workload that an autoscaler scales is given another number of replicas",
              Autoscalers::fixedReplicas),
          pods(
              "claim-of-one",
              Set.of("deployments.apps"),
              "old and new Pods can't have one claim at the same time",
              SingleWriters::surge),
          rule(
              "schedule-never",
              Set.of("cronjobs.batch"),
              "a schedule never comes, such as 30 February",
              Schedules::never),
          rule(
              "service-selector",
              SERVICE,
              "a Service selects nothing, while a workload has the same values under other keys; or is turned to what does not exist",
              Services::selector),
          rule(
              "target-port",
              SERVICE,
              "a Service leads to a port that the selected Pods do not have",
              Services::ports),
          pods(
              "port-wanted",
              SELECTING,
              "the same, told when the workload is written",
              Services::ofWorkload),
          rule(
              "external-address", SERVICE, "an externalName is an address", Services::externalName),
          rule(
              "backend-port",
              INGRESS,
              "an Ingress leads to a port that its Service does not have",
              Ingresses::ofIngress),
          rule(
              "port-led-to",
              SERVICE,
              "the same, told when the Service is written",
              Ingresses::ofService),
          rule(
              "policy-types",
              POLICY,
              "rules for a direction that policyTypes leaves out",
              NetworkPolicies::types),
          rule(
              "policy-port",
              POLICY,
              "a rule names a port that the selected Pods do not have",
              NetworkPolicies::ports),
          rule("role-group", ROLES, "a role names a version instead of a group", Roles::groups),
          rule(
              "role-resource",
              ROLES,
              "a role names a kind instead of a resource",
              Roles::resources),
          rule(
              "secret-line-feed",
              Set.of("secrets"),
              "a password or token ends with a line feed",
              Secrets::lineFeeds));

  private static final Map<String, List<Rule>> BY_RESOURCE = byResource();

  private Rules() {}

  private static Rule rule(String name, Set<String> resources, String sign, Consumer<Scene> look) {
    return new Rule(name, resources, sign, look);
  }

  private static Rule pods(
      String name, Set<String> resources, String sign, BiConsumer<Scene, Template> look) {
    return new Rule(
        name,
        resources,
        sign,
        scene -> {
          Template template = scene.template();
          if (template != null) {
            look.accept(scene, template);
          }
        });
  }

  private static Map<String, List<Rule>> byResource() {
    Map<String, List<Rule>> all = new HashMap<>();
    for (Rule rule : ALL) {
      for (String resource : rule.resources()) {
        all.merge(
            resource,
            List.of(rule),
            (some, more) -> java.util.stream.Stream.concat(some.stream(), more.stream()).toList());
      }
    }
    return Map.copyOf(all);
  }

  /// Those for the manifests of a resource, as in `deployments.apps`.
  static List<Rule> of(String resource) {
    return BY_RESOURCE.getOrDefault(resource, List.of());
  }
}

package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for the three lists of containers of a Pod: those that run on, those that run first, and
/// those that were added later to look into the others.
final class ContainerListRules {

  private static final String NOT_EPHEMERAL = "cannot be set for an Ephemeral Container";
  private static final String ONLY_SIDECARS =
      "may not be set for init containers without restartPolicy=Always";
  private static final int MOST_RULES = 20;
  private static final int MOST_CODES = 255;
  private static final List<String> RESTART_POLICIES = List.of("Always", "Never", "OnFailure");
  private static final List<String> ACTIONS = List.of("Restart", "RestartAllContainers");
  private static final List<String> OPERATORS = List.of("In", "NotIn");

  private ContainerListRules() {}

  /// All containers, those that run first before the others.
  static List<FieldValue> all(FieldValue spec) {
    List<FieldValue> all = new ArrayList<>(spec.at("initContainers").items());
    all.addAll(spec.at("containers").items());
    all.addAll(spec.at("ephemeralContainers").items());
    return all;
  }

  static boolean isSidecar(Struct container) {
    return container.string("restartPolicy").equals("Always");
  }

  static void containers(FieldValue spec, PodContext pod) {
    Set<Object> names = new HashSet<>();
    regular(spec.at("containers"), pod, names);
    names.clear();
    spec.at("containers").structs().forEach(container -> names.add(container.string("name")));
    first(spec.at("initContainers"), pod, names);
    later(spec, pod);
  }

  private static void regular(FieldValue containers, PodContext pod, Set<Object> names) {
    if (!containers.mustBeSet()) {
      return;
    }
    List<FieldValue> items = containers.items();
    for (FieldValue container : items) {
      ContainerRules.container(container, pod);
      uniqueName(container, names);
      ProbeRules.ofContainer(container, pod);
      restartRules(container);
    }
    ContainerRules.hostPorts(items);
  }

  private static void uniqueName(FieldValue container, Set<Object> names) {
    FieldValue name = container.at("name");
    name.holding(name.string()).mustBeNewIn(names);
  }

  private static void first(FieldValue containers, PodContext pod, Set<Object> names) {
    for (FieldValue container : containers.items()) {
      ContainerRules.container(container, pod);
      if (container.at("restartPolicy").isSet() || !container.at("restartPolicyRules").isEmpty()) {
        restartRules(container);
      }
      if (!container.at("name").isEmpty() || names.contains("")) {
        uniqueName(container, names);
      }
      ContainerRules.hostPorts(List.of(container));
      if (isSidecar(container.struct())) {
        ProbeRules.ofContainer(container, pod);
      } else {
        endsOnItsOwn(container);
      }
    }
  }

  /// What runs to its end is not watched on the way.
  private static void endsOnItsOwn(FieldValue container) {
    for (String field : List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
      container.at(field).mustNotBeSet(ONLY_SIDECARS);
    }
    for (FieldValue policy : container.at("resizePolicy").items()) {
      if (policy.at("restartPolicy").is("RestartContainer")) {
        policy
            .at("restartPolicy")
            .invalid("must not be set to 'RestartContainer' for non-sidecar initContainers");
      }
    }
  }

  private static void restartRules(FieldValue container) {
    FieldValue policy = container.at("restartPolicy");
    FieldValue rules = container.at("restartPolicyRules");
    if (policy.isSet()) {
      policy.mustBeOneOf(RESTART_POLICIES);
    } else if (!rules.isEmpty()) {
      policy.required("must specify restartPolicy when restart rules are used");
    }
    rules.mustHaveAtMost(MOST_RULES);
    for (FieldValue rule : rules.items()) {
      rule.at("action").mustBeOneOf(ACTIONS);
      FieldValue codes = rule.at("exitCodes");
      if (codes.isSet()) {
        codes.at("operator").mustBeOneOf(OPERATORS);
        codes.at("values").mustHaveAtMost(MOST_CODES);
      } else {
        codes.required("must be specified");
      }
    }
  }

  private static void later(FieldValue spec, PodContext pod) {
    Set<Object> others = new HashSet<>();
    spec.at("containers").structs().forEach(container -> others.add(container.string("name")));
    spec.at("initContainers").structs().forEach(container -> others.add(container.string("name")));
    Set<Object> names = new HashSet<>(others);
    for (FieldValue container : spec.at("ephemeralContainers").items()) {
      ContainerRules.container(container, pod);
      ContainerRules.imageWithoutBlanks(container);
      uniqueName(container, names);
      FieldValue target = container.at("targetContainerName");
      if (!target.isEmpty() && !others.contains(target.string())) {
        target.notFound();
      }
      onlyLooksInto(container);
    }
  }

  private static void onlyLooksInto(FieldValue container) {
    for (String field : List.of("ports", "resources")) {
      FieldValue value = container.at(field);
      if (!value.isEmpty() && !Struct.EMPTY.equals(value.value())) {
        value.forbidden(NOT_EPHEMERAL);
      }
    }
    for (String field :
        List.of(
            "resizePolicy",
            "restartPolicy",
            "restartPolicyRules",
            "livenessProbe",
            "readinessProbe",
            "startupProbe",
            "lifecycle")) {
      if (!container.at(field).isEmpty()) {
        container.at(field).forbidden(NOT_EPHEMERAL);
      }
    }
    for (FieldValue mount : container.at("volumeMounts").items()) {
      for (String field : List.of("subPath", "subPathExpr")) {
        if (!mount.at(field).isEmpty()) {
          mount.at(field).forbidden(NOT_EPHEMERAL);
        }
      }
    }
  }
}

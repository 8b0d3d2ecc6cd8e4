package dev.tiphys.schema.validation.pod;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for what a node may report about the containers of a Pod.
final class ContainerStateRules {

  private static final String NOT_BACK = "may not be transitioned to non-terminated state";
  private static final String RESTART_ALL = "RestartAllContainers";
  private static final List<String> HEALTH = List.of("Healthy", "Unhealthy", "Unknown");
  private static final int LONGEST_MESSAGE = 1024;

  private ContainerStateRules() {}

  static List<Struct> containers(Struct spec) {
    List<Struct> all = new ArrayList<>(spec.structs("initContainers"));
    all.addAll(spec.structs("containers"));
    return all;
  }

  /// What has ended for good does not run again.
  static void transitions(FieldValue status, Struct before) {
    Struct spec = before.struct("spec");
    boolean anyRestarts =
        containers(spec).stream()
            .flatMap(container -> container.structs("restartPolicyRules").stream())
            .anyMatch(rule -> rule.string("action").equals(RESTART_ALL));
    Struct old = before.struct("status");
    if (!anyRestarts) {
      transitions(status.at("containerStatuses"), old, spec.structs("containers"), spec);
      transitions(status.at("initContainerStatuses"), old, spec.structs("initContainers"), spec);
    }
    transitions(status.at("ephemeralContainerStatuses"), old, List.of(), spec);
  }

  private static void transitions(
      FieldValue statuses, Struct before, List<Struct> containers, Struct spec) {
    int index = 0;
    for (Struct old : before.structs(statuses.name())) {
      String name = old.string("name");
      if (old.has("state", "terminated")
          && runs(statuses.structs(), name)
          && !restarts(named(containers, name), spec, old)) {
        statuses.shownAt(index).at("state").forbidden(NOT_BACK);
      }
      index++;
    }
  }

  private static boolean runs(List<Struct> statuses, String name) {
    return statuses.stream()
        .filter(status -> status.string("name").equals(name))
        .limit(1)
        .anyMatch(status -> !status.has("state", "terminated"));
  }

  private static Struct named(List<Struct> containers, String name) {
    return containers.stream()
        .filter(container -> container.string("name").equals(name))
        .findFirst()
        .orElse(Struct.EMPTY);
  }

  private static boolean restarts(Struct container, Struct spec, Struct status) {
    if (container.isEmpty()) {
      return false;
    }
    long code = status.integer("state", "terminated", "exitCode");
    boolean own = container.has("restartPolicy");
    for (Struct rule : container.structs("restartPolicyRules")) {
      boolean listed = rule.list("exitCodes", "values").contains(code);
      boolean inverted = rule.string("exitCodes", "operator").equals("NotIn");
      if (own && rule.has("exitCodes") && listed != inverted) {
        return true;
      }
    }
    return switch ((own ? container : spec).string("restartPolicy")) {
      case "OnFailure" -> code != 0;
      case "Never" -> false;
      default -> true;
    };
  }

  static void statuses(FieldValue status, Struct spec) {
    FieldValue running = status.at("containerStatuses");
    FieldValue first = status.at("initContainerStatuses");
    FieldValue later = status.at("ephemeralContainerStatuses");
    String system = spec.has("os") ? spec.string("os", "name") : "linux";
    for (FieldValue statuses : List.of(running, first, later)) {
      users(statuses, system);
    }
    resources(running, spec.structs("containers"));
    resources(first, spec.structs("initContainers"));
    for (FieldValue container : later.items()) {
      if (!container.at("allocatedResourcesStatus").isEmpty()) {
        container
            .at("allocatedResourcesStatus")
            .forbidden("must not be specified in container status");
      }
    }
  }

  private static void users(FieldValue statuses, String system) {
    for (FieldValue status : statuses.items()) {
      FieldValue user = status.at("user", "linux");
      if (!user.isSet()) {
        continue;
      }
      if (system.equals("windows")) {
        user.forbidden("cannot be set for a windows pod");
      } else if (system.equals("linux")) {
        user.at("uid").mustBeBetween(0, Integer.MAX_VALUE);
        user.at("gid").mustBeBetween(0, Integer.MAX_VALUE);
        for (FieldValue group : user.at("supplementalGroups").items()) {
          group.mustBeBetween(0, Integer.MAX_VALUE);
        }
      }
    }
  }

  private static void resources(FieldValue statuses, List<Struct> containers) {
    for (FieldValue status : statuses.items()) {
      Struct container = named(containers, status.at("name").string());
      for (FieldValue resource : status.at("allocatedResourcesStatus").items()) {
        if (!container.isEmpty()) {
          name(resource.at("name"), container);
        }
        health(resource.at("resources"));
      }
    }
  }

  private static void name(FieldValue name, Struct container) {
    if (!name.string().startsWith("claim:")) {
      if (!container.has("resources", "requests", name.string())) {
        name.invalid("must match one of the container's resource requests");
      }
      return;
    }
    boolean known =
        container.structs("resources", "claims").stream()
            .map(claim -> claim.string("name") + slashed(claim.string("request")))
            .anyMatch(claim -> name.is("claim:" + claim));
    if (!known) {
      name.invalid(
          "must match one of the container's resource claims in a format"
              + " 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty");
    }
  }

  private static String slashed(String request) {
    return request.isEmpty() ? "" : "/" + request;
  }

  private static void health(FieldValue resources) {
    Set<Object> ids = new HashSet<>();
    for (FieldValue resource : resources.items()) {
      resource.at("health").mustBeOneOf(HEALTH);
      FieldValue message = resource.at("message");
      if (message.isSet() && message.mustBeSet("must be non-empty if specified")) {
        message.mustNotBeLongerThan(LONGEST_MESSAGE);
      }
      resource.at("resourceID").mustBeNewIn(ids);
    }
  }
}

package dev.tiphys.controllers.job;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;

/// What a Job's failure policy says of a Pod that has failed. Pure.
///
/// @param job the Job
record FailurePolicy(Job job) {

  /// What follows from a failure.
  enum Action {
    /// It counts against the limits.
    COUNT,
    /// It does not count.
    IGNORE,
    /// Its index has failed.
    FAIL_INDEX,
    /// The Job has failed.
    FAIL_JOB
  }

  /// @param message why the Job fails, if it does; empty if no rule matched
  record Verdict(Action action, String message) {

    boolean isOfRule() {
      return !message.isEmpty();
    }

    boolean counts() {
      return action != Action.IGNORE;
    }
  }

  private static final Verdict COUNTS = new Verdict(Action.COUNT, "");

  /// The first rule that matches decides.
  Verdict of(Struct pod) {
    List<Struct> rules = job.spec().structs("podFailurePolicy", "rules");
    for (int i = 0; i < rules.size(); i++) {
      Struct rule = rules.get(i);
      String matched =
          rule.has("onExitCodes")
              ? exit(pod, rule.struct("onExitCodes"))
              : condition(pod, rule.structs("onPodConditions"));
      if (!matched.isEmpty() && pod.string("status", "phase").equals("Failed")) {
        String action = rule.string("action");
        String message = matched + " matching " + action + " rule at index " + i;
        switch (action) {
          case "Ignore" -> {
            return new Verdict(Action.IGNORE, message);
          }
          case "FailJob" -> {
            return new Verdict(Action.FAIL_JOB, message);
          }
          case "FailIndex" -> {
            if (job.hasLimitPerIndex()) {
              return new Verdict(Action.FAIL_INDEX, message);
            }
          }
          case "Count" -> {
            return new Verdict(Action.COUNT, message);
          }
          default -> {
            continue; // an action of a later version
          }
        }
      }
    }
    return COUNTS;
  }

  private static String exit(Struct pod, Struct wanted) {
    List<Struct> containers = new ArrayList<>(pod.structs("status", "containerStatuses"));
    containers.addAll(pod.structs("status", "initContainerStatuses"));
    for (Struct container : containers) {
      Struct end = container.struct("state", "terminated");
      long code = end.integer("exitCode");
      String only = wanted.string("containerName");
      if (code == 0 || !only.isEmpty() && !only.equals(container.string("name"))) {
        continue;
      }
      boolean listed = wanted.list("values").contains(code);
      if (listed == wanted.string("operator").equals("In")) {
        return "Container %s for pod %s failed with exit code %d"
            .formatted(container.string("name"), nameOf(pod), code);
      }
    }
    return "";
  }

  private static String condition(Struct pod, List<Struct> patterns) {
    for (Struct condition : pod.structs("status", "conditions")) {
      for (Struct pattern : patterns) {
        String status = pattern.string("status");
        if (pattern.string("type").equals(condition.string("type"))
            && (status.isEmpty() ? "True" : status).equals(condition.string("status"))) {
          return "Pod " + nameOf(pod) + " has condition " + condition.string("type");
        }
      }
    }
    return "";
  }

  private static String nameOf(Struct pod) {
    return Meta.of(pod).namespace() + "/" + Meta.of(pod).name();
  }
}

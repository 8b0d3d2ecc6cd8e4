package dev.tiphys.cli.why;

import dev.tiphys.cli.why.WhyDocuments.Decisions;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Finds out what holds up a workload: those of its Pods (of its newest ReplicaSet, if it has such)
/// that are not ready, and for each the scheduler's decision or the containers that do not run,
/// with the last warning about it.
final class Rollout {

  private final Api api;
  private final Decisions decisions;

  Rollout(Api api, Decisions decisions) {
    this.api = api;
    this.decisions = decisions;
  }

  /// Absent if there is no such object.
  Optional<Struct> answer(Workload workload, String namespace, String name) {
    Struct object = api.find(workload.resource(), namespace, name);
    if (object == null) {
      return Optional.empty();
    }
    StructBuilder answer =
        workload
            .progress(object)
            .add("namespace", namespace)
            .add("name", name)
            .add("problems", problems(object));
    Optional<Struct> owner = Optional.of(object);
    if (workload.hasReplicaSets()) {
      owner = newest(workload, namespace, object);
      owner.ifPresent(newest -> answer.add("replicaSet", Meta.of(newest).name()));
    } else {
      answer.add("warning", lastWarning(object));
    }
    List<Struct> pods = new ArrayList<>();
    owner.ifPresent(
        of ->
            owned(ApiResource.PODS, namespace, of).stream()
                .filter(Rollout::isInTheWay)
                .forEach(pod -> pods.add(pod(pod))));
    return Optional.of(answer.add("pods", pods).build());
  }

  private Optional<Struct> newest(Workload workload, String namespace, Struct object) {
    return owned(ApiResource.REPLICA_SETS, namespace, object).stream()
        .max(Comparator.comparingLong(each -> revision(each, workload.revision())));
  }

  private static long revision(Struct replicaSet, String annotation) {
    try {
      return Long.parseLong(Meta.of(replicaSet).annotation(annotation));
    } catch (NumberFormatException e) {
      return 0; // It has none yet.
    }
  }

  private static boolean isInTheWay(Struct pod) {
    return !Meta.isTrue(pod, "Ready") && !pod.string("status", "phase").equals("Succeeded");
  }

  /// What the controllers say is wrong.
  private static List<String> problems(Struct object) {
    List<String> problems = new ArrayList<>();
    for (Struct condition : object.structs("status", "conditions")) {
      if (Workload.isTrouble(condition)) {
        String message = condition.string("message");
        problems.add(condition.string("reason") + (message.isEmpty() ? "" : ": " + message));
      }
    }
    if (object.bool("spec", "paused")) {
      problems.add("the rollout is paused");
    }
    return problems;
  }

  private List<Struct> owned(ApiResource resource, String namespace, Struct owner) {
    return api.list(resource, namespace, ListOptions.ALL).items().stream()
        .filter(
            object -> {
              Struct controller = Meta.of(object).controller();
              return controller != null && controller.string("uid").equals(Meta.of(owner).uid());
            })
        .toList();
  }

  private Struct pod(Struct pod) {
    ObjectKey key = ObjectKey.of(pod);
    StructBuilder answer =
        new StructBuilder()
            .add("name", key.name())
            .add("node", pod.string("spec", "nodeName"))
            .add("phase", pod.string("status", "phase"))
            .add("deletedAt", pod.string("metadata", "deletionTimestamp"))
            .add("containers", containers(pod))
            .add("warning", lastWarning(pod));
    if (pod.string("spec", "nodeName").isEmpty()) {
      decisions
          .of(key.namespace(), key.name())
          .ifPresent(decision -> answer.add("decision", decision));
    }
    return answer.build();
  }

  /// The containers that are not ready, and why.
  private static List<Struct> containers(Struct pod) {
    List<Struct> containers = new ArrayList<>();
    for (String field : List.of("initContainerStatuses", "containerStatuses")) {
      for (Struct status : pod.structs("status", field)) {
        boolean done =
            status.bool("ready")
                || (field.startsWith("init")
                    && status.has("state", "terminated")
                    && status.integer("state", "terminated", "exitCode") == 0);
        if (!done) {
          containers.add(Struct.of("name", status.string("name"), "why", why(status)));
        }
      }
    }
    return containers;
  }

  private static String why(Struct status) {
    Struct waiting = status.struct("state", "waiting");
    Struct ended = status.struct("state", "terminated");
    Struct before = status.struct("lastState", "terminated");
    String last =
        before.isEmpty()
            ? ""
            : "; it ended " + ended(before) + " " + status.integer("restartCount") + " times";
    if (!waiting.isEmpty()) {
      String message = waiting.string("message");
      return waiting.string("reason") + (message.isEmpty() ? "" : ": " + message) + last;
    }
    return (ended.isEmpty() ? "it runs, but is not ready" : "it ended " + ended(ended)) + last;
  }

  private static String ended(Struct terminated) {
    return "with "
        + terminated.string("reason")
        + " (exit code "
        + terminated.integer("exitCode")
        + ")";
  }

  private String lastWarning(Struct object) {
    return api
        .list(
            ApiResource.EVENTS,
            Meta.of(object).namespace(),
            ListOptions.withFields("involvedObject.uid=" + Meta.of(object).uid() + ",type=Warning"))
        .items()
        .stream()
        .max(Comparator.comparing(Rollout::lastSeen))
        .map(event -> event.string("reason") + ": " + event.string("message"))
        .orElse("");
  }

  private static String lastSeen(Struct event) {
    String last = event.string("series", "lastObservedTime");
    last = last.isEmpty() ? event.string("lastTimestamp") : last;
    return last.isEmpty() ? event.string("eventTime") : last;
  }
}

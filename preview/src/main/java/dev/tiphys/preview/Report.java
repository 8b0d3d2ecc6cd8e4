package dev.tiphys.preview;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.decisions.Decision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What a preview tells, as a tree:
///
/// - `applied`, `refused`: see [Changes];
/// - `span`, `settled`: how far it looks ahead, and when the last thing happened;
/// - `steps`: everything that happens to Pods, claims and volumes, in order;
/// - `workloads`: whose Pods come or go: how many are `created` and stay, how many are `replaced`
///   or `removed` (of which `waited` did not run before), how many `started` that had to wait
///   before, how it stands at the end in `state` and `message`, and whether some of it would happen
///   `anyway`;
/// - `pending`: Pods that do not run at the end, why, and what `changes` would help;
/// - `disrupted`: Pods that something else than their workload put an end to, and what;
/// - `lostData`: claims and volumes that are gone;
/// - `budgets`, `outages`: for how long disruption budgets are broken, and Services are without a
///   Pod that could answer;
/// - `warnings`: what parts of the cluster say in Events;
/// - `assumptions`: what the preview does not know.
final class Report {

  private static final List<String> WEBHOOKS =
      List.of(
          "mutatingwebhookconfigurations.admissionregistration.k8s.io",
          "validatingwebhookconfigurations.admissionregistration.k8s.io");

  private final ClusterCopy copy;
  private final Fork fork;
  private final Observations seen;
  private final Set<String> anyway;

  /// @param anyway the workloads whose Pods come or go without any change too
  Report(ClusterCopy copy, Fork fork, Observations seen, Set<String> anyway) {
    this.copy = copy;
    this.fork = fork;
    this.seen = seen;
    this.anyway = anyway;
  }

  Struct tree(Changes changes, Duration span) throws InterruptedException {
    return new StructBuilder()
        .add("applied", changes.applied())
        .add("refused", changes.refused())
        .add("span", Spans.text(span))
        .add("settled", Spans.text(seen.last()))
        .add("steps", seen.steps())
        .add("workloads", workloads())
        .add("pending", pending())
        .add("disrupted", disrupted())
        .add("lostData", seen.lostData())
        .add("budgets", seen.brokenBudgets())
        .add("outages", seen.outages())
        .add("warnings", seen.warnings())
        .add("assumptions", assumptions())
        .build();
  }

  /// The Pods of one workload that come and go.
  private static final class Turnover {
    private long created;
    private long lost;
    private long waited;
    private long started;
  }

  private List<Struct> workloads() {
    Map<List<String>, Turnover> all = new LinkedHashMap<>();
    for (PodStory story : seen.stories()) {
      if (story.isNew() || story.isLost() || story.isFreed()) {
        Turnover turnover =
            all.computeIfAbsent(List.of(story.namespace(), story.owner()), _ -> new Turnover());
        turnover.created += story.isGained() ? 1 : 0;
        turnover.lost += story.isLost() ? 1 : 0;
        turnover.waited += story.isLost() && story.waited() ? 1 : 0;
        turnover.started += story.isFreed() ? 1 : 0;
      }
    }
    List<Struct> told = new ArrayList<>();
    all.forEach(
        (key, turnover) -> {
          long replaced = Math.min(turnover.created, turnover.lost);
          String namespace = key.getFirst();
          String owner = key.getLast();
          Struct workload = seen.workload(namespace, owner);
          told.add(
              new StructBuilder()
                  .add("namespace", namespace)
                  .add("workload", owner)
                  .add("created", turnover.created - replaced)
                  .add("replaced", replaced)
                  .add("removed", turnover.lost - replaced)
                  .add("waited", turnover.waited)
                  .add("started", turnover.started)
                  .addAll(workload == null ? Struct.EMPTY : WorkloadState.of(workload))
                  .add("anyway", anyway.contains(namespace + "/" + owner))
                  .build());
        });
    return told;
  }

  private List<Struct> pending() throws InterruptedException {
    List<Struct> told = new ArrayList<>();
    for (PodStory story : seen.stories()) {
      Struct pod = story.isNew() ? now(story) : Struct.EMPTY;
      String phase = pod.string("status", "phase");
      boolean over = phase.equals("Succeeded") || phase.equals("Failed");
      if (!pod.isEmpty() && !over && !Meta.isTrue(pod, "Ready")) {
        told.add(pending(story, pod));
      }
    }
    return told;
  }

  private Struct now(PodStory story) {
    return seen.pods().stream()
        .filter(pod -> Meta.of(pod).name().equals(story.name()))
        .filter(pod -> Meta.of(pod).namespace().equals(story.namespace()))
        .findFirst()
        .orElse(Struct.EMPTY);
  }

  private Struct pending(PodStory story, Struct pod) throws InterruptedException {
    StructBuilder told =
        new StructBuilder()
            .add("namespace", story.namespace())
            .add("name", story.name())
            .add("workload", story.owner());
    if (!pod.string("spec", "nodeName").isEmpty()) {
      String waits = Observations.waiting(pod);
      return told.add("message", waits.isEmpty() ? "not ready" : waits).build();
    }
    Struct scheduled = Meta.condition(pod, "PodScheduled");
    told.add("message", scheduled == null ? "not tried yet" : scheduled.string("message"));
    fork.scheduler()
        .why(story.namespace(), story.name())
        .map(Decision::tree)
        .map(decision -> decision.struct("smallestChange"))
        .filter(change -> !change.isEmpty())
        .ifPresent(change -> told.add("smallestChange", change));
    return told.build();
  }

  private List<Struct> disrupted() {
    return seen.stories().stream()
        .filter(story -> !story.disruption().isEmpty())
        .map(
            story ->
                StructBuilder.from(story.tree())
                    .add("reason", story.disruption().string("reason"))
                    .add("message", story.disruption().string("message"))
                    .build())
        .toList();
  }

  private List<String> assumptions() {
    List<String> told = new ArrayList<>();
    for (String image : fork.experience().unknownImages()) {
      told.add(
          "image "
              + image
              + " runs nowhere in the cluster yet: it is taken to be pulled and to start");
    }
    List<ApiResource> absent = new ArrayList<>(copy.unreadable());
    for (ApiResource referred : List.of(ApiResource.CONFIG_MAPS, ApiResource.SECRETS)) {
      if (!copy.knows(referred)) {
        told.add(referred + " could not be read: they are taken to hold what is asked of them");
        absent.remove(referred);
      }
    }
    if (!absent.isEmpty()) {
      told.add(
          "these could not be read, and count as not there: "
              + absent.stream().map(ApiResource::toString).collect(Collectors.joining(", ")));
    }
    if (!fork.knowsRights()) {
      told.add("the rules of access could not be read: the changes are taken to be allowed");
    }
    for (Map.Entry<ApiResource, List<Struct>> entry : copy.objects().entrySet()) {
      String resource = entry.getKey().toString();
      for (Struct object : WEBHOOKS.contains(resource) ? entry.getValue() : List.<Struct>of()) {
        told.add("admission webhooks of " + Meta.of(object).name() + " were not asked");
      }
    }
    if (!copy.of(ApiResource.HORIZONTAL_POD_AUTOSCALERS).isEmpty()) {
      told.add("autoscalers see no load: they keep to their bounds only");
    }
    long custom = copy.of(ApiResource.CUSTOM_RESOURCE_DEFINITIONS).size();
    if (custom > 0) {
      told.add("controllers that run in Pods do nothing: custom resources stay as they are");
    }
    return told;
  }
}

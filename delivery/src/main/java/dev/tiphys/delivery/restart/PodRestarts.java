package dev.tiphys.delivery.restart;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.pass.Pass;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Evicts Pods that are older than the time at which a Rollout was to be restarted: those of the
/// stable revision first, as many at a time as need not be available, and only as disruption
/// budgets allow.
///
/// @param pass the look
public record PodRestarts(Pass pass) {

  private static final Duration AGAIN = Duration.ofSeconds(30);

  public void run() {
    Instant since = pass.rollout().restartAt();
    String wanted = pass.rollout().spec().string("restartAt");
    if (since == null || wanted.equals(pass.status().now().string("restartedAt"))) {
      return;
    }
    if (pass.now().isBefore(since)) {
      pass.lookAgain(since);
      return;
    }
    List<Struct> old = pods().stream().filter(pod -> isOlder(pod, since)).toList();
    if (old.isEmpty()) {
      pass.status().set(wanted, "restartedAt");
      return;
    }
    long most = Math.max(1, pass.rollout().maxUnavailable());
    long missing = Math.max(0, wantedPods() - ReplicaSet.available(pass.all()));
    long ending = old.stream().filter(pod -> Meta.of(pod).isBeingDeleted()).count();
    long room = most - Math.max(missing, ending);
    old.stream()
        .filter(pod -> !Meta.of(pod).isBeingDeleted())
        .limit(Math.max(0, room))
        .forEach(this::evict);
    pass.lookAgain(pass.now().plus(AGAIN));
  }

  private long wantedPods() {
    return ReplicaSet.replicas(pass.all());
  }

  private static boolean isOlder(Struct pod, Instant since) {
    Instant created = Meta.of(pod).created();
    return created != null && created.isBefore(since);
  }

  /// The Pods of all revisions, those of the stable one first.
  private List<Struct> pods() {
    List<ReplicaSet> sets = new ArrayList<>(pass.all());
    sets.sort(
        Comparator.comparing((ReplicaSet set) -> !set.hash().equals(pass.status().stable()))
            .thenComparing(ReplicaSet.BY_AGE));
    List<Struct> all = new ArrayList<>();
    for (ReplicaSet set : sets) {
      pass
          .tools()
          .api()
          .list(
              ApiResource.PODS,
              pass.rollout().namespace(),
              ListOptions.withLabels(Labels.HASH + "=" + set.hash()))
          .items()
          .stream()
          .filter(pod -> Meta.of(pod).isControlledBy(set.meta().uid()))
          .forEach(all::add);
    }
    return all;
  }

  private void evict(Struct pod) {
    Meta meta = Meta.of(pod);
    Struct eviction =
        new StructBuilder()
            .add("apiVersion", "policy/v1")
            .add("kind", "Eviction")
            .add("metadata", Struct.of("name", meta.name(), "namespace", meta.namespace()))
            .add("deleteOptions", Struct.of("preconditions", Struct.of("uid", meta.uid())))
            .build();
    try {
      pass.tools()
          .api()
          .createSubresource(ApiResource.PODS, meta.namespace(), meta.name(), "eviction", eviction);
    } catch (ApiException e) {
      // a budget that does not allow it now may do so at the next look
      if (!e.is(Reason.NOT_FOUND, Reason.TOO_MANY_REQUESTS, Reason.CONFLICT)) {
        throw e;
      }
    }
  }
}

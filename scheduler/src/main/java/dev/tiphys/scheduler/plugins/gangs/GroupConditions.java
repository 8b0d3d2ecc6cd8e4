package dev.tiphys.scheduler.plugins.gangs;

import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.Handle;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Tells groups in their status what became of them: once all that was needed was scheduled, for
/// ever that.
///
/// Threads: the scheduling task tells; writers write what was told last.
public final class GroupConditions {

  private static final String TYPE = "PodGroupScheduled";

  private final Handle handle;
  private final PodGroups groups;
  private final Map<ObjectKey, Told> latest = new ConcurrentHashMap<>();

  /// What a group is told.
  private record Told(String uid, String status, String reason, String message) {}

  GroupConditions(Handle handle, PodGroups groups) {
    this.handle = handle;
    this.groups = groups;
  }

  /// Enough of a group was scheduled.
  public void scheduled(ObjectKey group, PodInfo member) {
    tell(group, member, "True", "Scheduled", "");
  }

  /// Not enough of a group could be scheduled.
  public void unschedulable(ObjectKey group, PodInfo member, String message) {
    tell(group, member, "False", "Unschedulable", message);
  }

  /// Something went wrong with a group.
  public void failed(ObjectKey group, PodInfo member, String message) {
    tell(group, member, "False", "SchedulerError", message);
  }

  private void tell(ObjectKey key, PodInfo member, String status, String reason, String message) {
    Struct group = groups.find(key);
    if (group == null) {
      return;
    }
    String uid = Meta.of(group).uid();
    Told before = latest.get(key);
    Told now = new Told(uid, status, reason, message);
    boolean wasScheduled =
        isTrue(Meta.condition(group, TYPE))
            || (before != null && before.uid.equals(uid) && before.status.equals("True"));
    if ((wasScheduled && !status.equals("True")) || now.equals(before)) {
      return;
    }
    latest.put(key, now);
    handle.write(member, () -> write(key, group));
  }

  private static boolean isTrue(@Nullable Struct condition) {
    return condition != null && condition.string("status").equals("True");
  }

  private void write(ObjectKey key, Struct group) {
    Told told = latest.get(key);
    if (told == null) {
      return;
    }
    Struct known = Meta.condition(group, TYPE);
    if (isTold(told, known)) {
      return;
    }
    Object since =
        known != null && known.string("status").equals(told.status)
            ? known.get("lastTransitionTime")
            : null;
    StructBuilder condition =
        new StructBuilder()
            .add("type", TYPE)
            .add("status", told.status)
            .add("reason", told.reason)
            .add("message", told.message)
            .add(
                "lastTransitionTime",
                since == null ? Timestamps.seconds(handle.world().now()) : since);
    long generation = Meta.of(group).generation();
    if (generation > 0) {
      condition.add("observedGeneration", generation);
    }
    try {
      handle
          .api()
          .patch(
              Resource.POD_GROUP.kind(),
              key.namespace(),
              key.name(),
              "status",
              PatchType.STRATEGIC,
              Struct.of(
                  "metadata",
                  Struct.of("uid", told.uid),
                  "status",
                  Struct.of("conditions", List.of(condition.build()))));
    } catch (ApiException e) {
      latest.remove(key, told); // it is told again when the group is tried again
      if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
        throw e;
      }
    }
  }

  private static boolean isTold(Told told, @Nullable Struct known) {
    return known != null
        && known.string("status").equals(told.status)
        && known.string("reason").equals(told.reason)
        && known.string("message").equals(told.message);
  }

  /// Forgets what a group that is gone was told.
  void forget(ObjectKey group) {
    latest.remove(group);
  }
}

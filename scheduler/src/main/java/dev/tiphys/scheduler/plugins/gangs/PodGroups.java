package dev.tiphys.scheduler.plugins.gangs;

import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.Handle;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The groups that Pods are scheduled in, and the Pods of each that have not run their course.
///
/// Threads: the scheduling task.
public final class PodGroups {

  private final Map<ObjectKey, Struct> groups = new HashMap<>();
  private final Map<ObjectKey, Set<String>> members = new HashMap<>(); // uids
  private final Cluster cluster;
  private final GroupConditions conditions;

  public PodGroups(Handle handle) {
    this.cluster = handle.cluster();
    this.conditions = new GroupConditions(handle, this);
    handle
        .informer(Resource.POD_GROUP)
        .listen(
            new Following(handle) {
              @Override
              void seen(Struct group) {
                groups.put(ObjectKey.of(group), group);
              }

              @Override
              void gone(Struct last) {
                groups.remove(ObjectKey.of(last));
                conditions.forget(ObjectKey.of(last));
              }
            });
    handle
        .informers()
        .of(Resource.POD.kind())
        .listen(
            new Following(handle) {
              @Override
              void seen(Struct pod) {
                podSeen(pod);
              }

              @Override
              void gone(Struct last) {
                podGone(last);
              }
            });
  }

  /// Takes note of objects on the scheduling task, before the queue does: it listens first.
  private abstract static class Following implements Informer.Listener {
    private final Handle handle;

    Following(Handle handle) {
      this.handle = handle;
    }

    abstract void seen(Struct object);

    abstract void gone(Struct last);

    @Override
    public void added(Struct object) {
      handle.post(() -> seen(object));
    }

    @Override
    public void updated(Struct before, Struct now) {
      added(now);
    }

    @Override
    public void deleted(Struct last) {
      handle.post(() -> gone(last));
    }
  }

  private static @Nullable ObjectKey groupOf(Struct pod) {
    String name = pod.string("spec", "schedulingGroup", "podGroupName");
    return name.isEmpty() ? null : new ObjectKey(Meta.of(pod).namespace(), name);
  }

  private void podSeen(Struct pod) {
    String phase = pod.string("status", "phase");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      podGone(pod);
      return;
    }
    ObjectKey group = groupOf(pod);
    if (group != null) {
      members.computeIfAbsent(group, _ -> new LinkedHashSet<>()).add(Meta.of(pod).uid());
    }
  }

  private void podGone(Struct pod) {
    ObjectKey group = groupOf(pod);
    if (group != null) {
      members.computeIfPresent(
          group,
          (_, uids) -> {
            uids.remove(Meta.of(pod).uid());
            return uids.isEmpty() ? null : uids;
          });
    }
  }

  /// What groups are told about themselves.
  public GroupConditions conditions() {
    return conditions;
  }

  /// A group as it was seen last; null if there is none.
  public @Nullable Struct find(ObjectKey group) {
    return groups.get(group);
  }

  /// How many Pods of a group have to be scheduled for any to be; 1 if it is no gang.
  static long least(Struct group) {
    Struct policy = group.struct("spec", "schedulingPolicy");
    return policy.has("gang") ? policy.integer("gang", "minCount") : 1;
  }

  /// The Pods of a group, by uid.
  public List<String> members(ObjectKey group) {
    return List.copyOf(members.getOrDefault(group, Set.of()));
  }

  /// How many Pods of a group there are.
  int size(ObjectKey group) {
    return members.getOrDefault(group, Set.of()).size();
  }

  /// Whether enough Pods of a group are on nodes, or on their way there, with so many more.
  public boolean isComplete(ObjectKey group, int more) {
    Struct known = groups.get(group);
    return known != null && placed(group) + more >= least(known);
  }

  private long placed(ObjectKey group) {
    return members.getOrDefault(group, Set.of()).stream()
        .filter(uid -> cluster.pod(uid) != null)
        .count();
  }
}

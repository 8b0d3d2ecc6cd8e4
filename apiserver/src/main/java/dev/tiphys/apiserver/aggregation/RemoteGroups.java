package dev.tiphys.apiserver.aggregation;

import dev.tiphys.schema.GroupVersion;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What other servers serve, as far as is known now.
///
/// Threads: any.
public final class RemoteGroups {

  private static final Comparator<RemoteGroup> ORDER =
      Comparator.comparingLong(RemoteGroup::groupPriority)
          .reversed()
          .thenComparing(each -> each.groupVersion().group())
          .thenComparing(Comparator.comparingLong(RemoteGroup::versionPriority).reversed());

  private volatile Map<GroupVersion, RemoteGroup> groups = Map.of();

  /// Replaces what is known.
  void replace(Collection<RemoteGroup> known) {
    Map<GroupVersion, RemoteGroup> next = new TreeMap<>();
    known.forEach(group -> next.put(group.groupVersion(), group));
    groups = next;
  }

  /// The version of a group that another server serves; null if none does.
  public @Nullable RemoteGroup find(String group, String version) {
    return groups.isEmpty() ? null : groups.get(new GroupVersion(group, version));
  }

  /// All of them, those first whose APIServices say so.
  public List<RemoteGroup> all() {
    return groups.values().stream().sorted(ORDER).toList();
  }
}

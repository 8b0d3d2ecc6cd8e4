package dev.tiphys.controllers.garbage;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ServedResource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The resources whose objects can be collected, and which of them a reference means.
final class Kinds {

  private static final Set<String> NEEDED = Set.of("list", "watch", "delete");

  /// Events have no owners and own nothing, but there are many of them.
  private static final Set<String> IGNORED = Set.of("events", "events.events.k8s.io");

  private final Map<String, ApiResource> byKind = new HashMap<>();

  Kinds(List<ServedResource> served) {
    for (ServedResource each : served) {
      ApiResource resource = each.resource();
      if (each.verbs().containsAll(NEEDED) && !IGNORED.contains(resource.toString())) {
        byKind.put(key(resource.groupVersion().group(), resource.kind()), resource);
      }
    }
  }

  List<ApiResource> all() {
    return List.copyOf(byKind.values());
  }

  @Nullable ApiResource of(OwnerRef owner) {
    return byKind.get(key(owner.group(), owner.kind()));
  }

  private static String key(String group, String kind) {
    return group + "/" + kind;
  }
}

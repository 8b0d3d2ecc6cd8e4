package dev.tiphys.controllers.garbage;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ServedResource;
import dev.tiphys.client.ServedResources;
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

  /// What is served now. Of groups that do not tell what they serve it is what they served before,
  /// so that their objects do not seem to be gone.
  static Kinds of(ServedResources served, Kinds before) {
    Kinds now = new Kinds(served.known());
    for (ApiResource resource : before.all()) {
      if (served.failures().containsKey(resource.groupVersion().toString())) {
        now.byKind.putIfAbsent(key(resource.groupVersion().group(), resource.kind()), resource);
      }
    }
    return now;
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

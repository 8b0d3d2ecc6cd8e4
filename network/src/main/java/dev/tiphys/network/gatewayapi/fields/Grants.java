package dev.tiphys.network.gatewayapi.fields;

import dev.tiphys.network.gatewayapi.GatewayResources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which objects may name which in other namespaces: what ReferenceGrants say.
public final class Grants {

  private final Map<String, List<Struct>> byNamespace = new HashMap<>();

  public Grants(List<Struct> grants) {
    for (Struct each : grants) {
      byNamespace
          .computeIfAbsent(Meta.of(each).namespace(), _ -> new ArrayList<>())
          .add(each.struct("spec"));
    }
  }

  /// @param kind of this group, as the namespace is that of the object that names the other
  /// @param toKind of the core group
  public boolean allow(String kind, String namespace, String toKind, ObjectKey to) {
    if (namespace.equals(to.namespace())) {
      return true;
    }
    return byNamespace.getOrDefault(to.namespace(), List.of()).stream()
        .anyMatch(
            grant ->
                grant.structs("from").stream().anyMatch(from -> isFrom(from, kind, namespace))
                    && grant.structs("to").stream().anyMatch(each -> isTo(each, toKind, to)));
  }

  private static boolean isFrom(Struct from, String kind, String namespace) {
    return from.string("group").equals(GatewayResources.GROUP)
        && from.string("kind").equals(kind)
        && from.string("namespace").equals(namespace);
  }

  private static boolean isTo(Struct to, String kind, ObjectKey key) {
    return to.string("group").isEmpty()
        && to.string("kind").equals(kind)
        && (to.string("name").isEmpty() || to.string("name").equals(key.name()));
  }
}

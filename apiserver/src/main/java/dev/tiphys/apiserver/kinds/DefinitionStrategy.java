package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// Definitions of custom resources: their status remembers every version that objects were ever
/// stored in.
final class DefinitionStrategy implements Strategy {

  @Override
  public Struct prepareForCreate(Call call, Struct definition) {
    return withStoredVersion(definition);
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct definition, Struct old) {
    return withStoredVersion(definition);
  }

  private static Struct withStoredVersion(Struct definition) {
    List<Object> stored = new ArrayList<>(definition.list("status", "storedVersions"));
    for (Struct version : definition.structs("spec", "versions")) {
      String name = version.string("name");
      if (version.bool("storage") && !stored.contains(name)) {
        stored.add(name);
      }
    }
    return definition.withAt(List.copyOf(stored), "status", "storedVersions");
  }
}

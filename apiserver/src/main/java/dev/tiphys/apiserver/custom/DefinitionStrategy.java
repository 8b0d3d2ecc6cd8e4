package dev.tiphys.apiserver.custom;

import dev.tiphys.apiserver.registry.Strategy;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;

/// Definitions of custom resources: their status remembers every version that objects were ever
/// stored in, and they stay until their objects are gone.
///
/// @param world tells the time
public record DefinitionStrategy(World world) implements Strategy {

  @Override
  public Struct prepareForCreate(Call call, Struct definition) {
    return withStoredVersion(definition);
  }

  @Override
  public Struct prepareForUpdate(Call call, Struct definition, Struct old) {
    return withStoredVersion(definition);
  }

  @Override
  public Struct deleting(Struct definition) {
    List<String> present = definition.struct("metadata").strings("finalizers");
    if (present.contains(Definition.FINALIZER)) {
      return definition;
    }
    List<Object> finalizers = new ArrayList<>(present);
    finalizers.add(Definition.FINALIZER);
    return definition.withAt(List.copyOf(finalizers), "metadata", "finalizers");
  }

  @Override
  public Struct terminating(Struct definition) {
    return DefinitionConditions.with(
        definition.withoutAt("metadata", "deletionGracePeriodSeconds"),
        "Terminating",
        true,
        "InstanceDeletionPending",
        "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
        world.now());
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

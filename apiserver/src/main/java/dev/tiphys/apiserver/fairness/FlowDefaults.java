package dev.tiphys.apiserver.fairness;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.PackagedFile;
import java.util.List;

/// The flow schemas and priority levels that every cluster has: those that must be as they are, and
/// those that are suggested.
public final class FlowDefaults {

  private static final Struct ALL =
      Json.struct(new PackagedFile(FlowDefaults.class, "flows.json").bytes());

  private FlowDefaults() {}

  /// PriorityLevelConfigurations that may not be changed.
  public static List<Struct> mandatoryLevels() {
    return ALL.structs("mandatoryLevels");
  }

  /// FlowSchemas that may not be changed.
  public static List<Struct> mandatorySchemas() {
    return ALL.structs("mandatorySchemas");
  }

  public static List<Struct> suggestedLevels() {
    return ALL.structs("suggestedLevels");
  }

  public static List<Struct> suggestedSchemas() {
    return ALL.structs("suggestedSchemas");
  }
}

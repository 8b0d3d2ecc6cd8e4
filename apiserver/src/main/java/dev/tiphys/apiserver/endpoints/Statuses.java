package dev.tiphys.apiserver.endpoints;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.Resource;

/// The Status objects that tell of success.
public final class Statuses {

  private Statuses() {}

  /// Something was created that leaves no object to show.
  public static Struct created() {
    return status().add("code", 201L).build();
  }

  /// An object was deleted.
  public static Struct deleted(Resource resource, Struct last) {
    Struct metadata = last.struct("metadata");
    Struct details =
        new StructBuilder()
            .addUnlessEmpty("name", metadata.string("name"))
            .addUnlessEmpty("group", resource.group())
            .add("kind", resource.plural())
            .addUnlessEmpty("uid", metadata.string("uid"))
            .build();
    return status().add("details", details).build();
  }

  private static StructBuilder status() {
    return new StructBuilder()
        .add("kind", "Status")
        .add("apiVersion", "v1")
        .add("metadata", Struct.EMPTY)
        .add("status", "Success");
  }
}

package dev.tiphys.monitoring.metricsapi;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;

/// Usage as `kubectl get` shows it: a Table of `meta.k8s.io/v1`.
final class UsageTable {

  private UsageTable() {}

  /// @param objects of one kind
  static Struct of(List<Struct> objects) {
    List<Struct> rows = new ArrayList<>();
    for (Struct object : objects) {
      Struct sum = total(object);
      rows.add(
          Struct.of(
              "cells",
              List.of(
                  Meta.of(object).name(),
                  sum.string("cpu"),
                  sum.string("memory"),
                  object.string("window")),
              "object",
              new StructBuilder()
                  .add("kind", "PartialObjectMetadata")
                  .add("apiVersion", "meta.k8s.io/v1")
                  .add("metadata", object.struct("metadata"))
                  .build()));
    }
    return new StructBuilder()
        .add("kind", "Table")
        .add("apiVersion", "meta.k8s.io/v1")
        .add("metadata", Struct.EMPTY)
        .add(
            "columnDefinitions",
            List.of(
                column("Name", "name", "Name of the resource"),
                column("cpu", "quantity", "Processors in use"),
                column("memory", "quantity", "Memory in use"),
                column("Window", "duration", "The time of which this is told")))
        .add("rows", rows)
        .build();
  }

  private static Struct column(String name, String format, String description) {
    return new StructBuilder()
        .add("name", name)
        .add("type", "string")
        .add("format", format)
        .add("description", description)
        .add("priority", 0L)
        .build();
  }

  private static Struct total(Struct object) {
    if (object.has("usage")) {
      return object.struct("usage");
    }
    Quantity cpu = Quantity.ZERO;
    Quantity memory = Quantity.ZERO;
    for (Struct container : object.structs("containers")) {
      cpu = cpu.plus(Quantity.parse(container.string("usage", "cpu")));
      memory = Quantity.parse(container.string("usage", "memory")).plus(memory);
    }
    return Struct.of("cpu", cpu.toString(), "memory", memory.toString());
  }
}

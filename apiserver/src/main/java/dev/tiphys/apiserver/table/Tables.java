package dev.tiphys.apiserver.table;

import dev.tiphys.apiserver.registry.Endpoint;
import dev.tiphys.apiserver.registry.Stored;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.Resource;
import dev.tiphys.world.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Makes tables of objects.
///
/// Threads: any.
public final class Tables {

  private final World world;
  private final Map<Resource, Layout> layouts = new ConcurrentHashMap<>();

  /// The columns of a resource, ready for use.
  private record Layout(List<Object> definitions, List<Cell> cells) {}

  public Tables(World world) {
    this.world = world;
  }

  /// A Table of some objects.
  ///
  /// @param metadata of the list; empty for a single object
  /// @param includeObject what rows hold of their objects: `Metadata`, `Object` or `None`
  /// @param version of the Table: `v1`
  public Struct of(
      Endpoint endpoint,
      List<Stored> states,
      Struct metadata,
      String includeObject,
      String version) {
    Layout layout = layouts.computeIfAbsent(endpoint.served(), Tables::layout);
    Instant now = world.now();
    List<Object> rows = new ArrayList<>(states.size());
    for (Stored state : states) {
      rows.add(row(endpoint, state, layout, includeObject, now));
    }
    Struct shown =
        metadata.isEmpty() && states.size() == 1
            ? Struct.of("resourceVersion", Long.toString(states.getFirst().revision()))
            : metadata;
    return new StructBuilder()
        .add("kind", "Table")
        .add("apiVersion", "meta.k8s.io/" + version)
        .add("metadata", shown)
        .add("columnDefinitions", layout.definitions)
        .add("rows", List.copyOf(rows))
        .build();
  }

  private static Layout layout(Resource resource) {
    List<Object> definitions = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    for (Resource.Column column : resource.columns()) {
      definitions.add(
          new StructBuilder()
              .add("name", column.name())
              .add("type", column.type())
              .add("format", column.format())
              .add("description", "")
              .add("priority", (long) column.priority())
              .build());
      cells.add(CellExpression.parse(column.cell(), column.type()));
    }
    return new Layout(List.copyOf(definitions), List.copyOf(cells));
  }

  private static Struct row(
      Endpoint endpoint, Stored state, Layout layout, String includeObject, Instant now) {
    // columns of all versions of a kind read the version that is stored
    Struct object = state.object();
    List<Object> cells = new ArrayList<>(layout.cells.size());
    for (Cell cell : layout.cells) {
      Object value = cell.of(object, now);
      cells.add(value == null ? "" : value);
    }
    StructBuilder row = new StructBuilder(3).add("cells", List.copyOf(cells));
    row.add("object", included(endpoint, state, includeObject));
    Struct finished = finished(object);
    if (finished != null) {
      row.add("conditions", List.of(finished));
    }
    return row.build();
  }

  private static Object included(Endpoint endpoint, Stored state, String includeObject) {
    return switch (includeObject) {
      case "None" -> Null.NULL;
      case "Object" -> endpoint.present(state);
      default ->
          Struct.of(
              "kind",
              "PartialObjectMetadata",
              "apiVersion",
              "meta.k8s.io/v1",
              "metadata",
              state.object().struct("metadata"));
    };
  }

  /// The mark of a row whose Pod is done.
  private static @Nullable Struct finished(Struct object) {
    String phase = object.string("status", "phase");
    boolean done =
        object.string("kind").equals("Pod")
            && (phase.equals("Succeeded") || phase.equals("Failed"));
    return done
        ? new StructBuilder()
            .add("type", "Completed")
            .add("status", "True")
            .add("reason", phase)
            .add(
                "message",
                phase.equals("Succeeded")
                    ? "The pod has completed successfully."
                    : "The pod failed.")
            .build()
        : null;
  }
}

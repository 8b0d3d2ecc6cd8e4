package dev.tiphys.apiserver.table;

import dev.tiphys.apiserver.catalog.Endpoint;
import dev.tiphys.apiserver.storage.Stored;
import dev.tiphys.descriptions.Descriptions;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Type;
import dev.tiphys.schema.structural.StructuralSchema;
import dev.tiphys.world.World;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// Makes tables of objects.
///
/// Threads: any.
public final class Tables {

  private static final String OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

  private static final List<Object> PLAIN_COLUMNS =
      List.of(
          plainColumn("Name", "string", "name", "name"),
          plainColumn("Created At", "date", "", "creationTimestamp"));

  private final World world;
  private final Map<Resource, Layout> layouts =
      Collections.synchronizedMap(new WeakHashMap<>()); // custom resources come and go

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
    Layout layout =
        layouts.computeIfAbsent(
            endpoint.served(), served -> layout(served, endpoint.registry().resource()));
    Instant now = world.now();
    List<Object> rows = new ArrayList<>(states.size());
    for (Stored state : states) {
      rows.add(row(endpoint, state, layout, includeObject, version, now));
    }
    Struct shown =
        metadata.isEmpty() && states.size() == 1
            ? Struct.of("resourceVersion", Long.toString(states.getFirst().revision()))
            : metadata;
    return table(version, shown, layout.definitions, rows);
  }

  /// A Table of objects that are computed, not stored, such as ComponentStatuses.
  ///
  /// @param includeObject what rows hold of their objects: `Metadata`, `Object` or `None`
  /// @param version of the Table: `v1`
  public Struct ofTrees(
      Resource resource, List<Struct> objects, String includeObject, String version) {
    Layout layout = layouts.computeIfAbsent(resource, served -> layout(served, served));
    Instant now = world.now();
    List<Object> rows = new ArrayList<>(objects.size());
    for (Struct object : objects) {
      rows.add(
          Struct.of(
              "cells", cells(object, layout, now),
              "object", included(object, includeObject, version)));
    }
    return table(version, Struct.EMPTY, layout.definitions, rows);
  }

  private static Struct table(
      String version, Struct metadata, List<Object> definitions, List<Object> rows) {
    return new StructBuilder()
        .add("kind", "Table")
        .add("apiVersion", "meta.k8s.io/" + version)
        .add("metadata", metadata)
        .add("columnDefinitions", definitions)
        .add("rows", List.copyOf(rows))
        .build();
  }

  /// @param stored the resource in the version that is stored, which columns read
  private static Layout layout(Resource served, Resource stored) {
    List<Object> definitions = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    List<String> descriptions =
        ColumnDescriptions.of(served.columns().equals(stored.columns()) ? stored : served);
    for (Resource.Column column : served.columns()) {
      definitions.add(
          new StructBuilder()
              .add("name", column.name())
              .add("type", column.type())
              .add("format", column.format())
              .add("description", descriptions.get(cells.size()))
              .add("priority", (long) column.priority())
              .build());
      cells.add(cell(column));
    }
    return new Layout(List.copyOf(definitions), List.copyOf(cells));
  }

  private static Cell cell(Resource.Column column) {
    return column.cell().startsWith("{")
        ? CustomCell.parse(column.cell(), column.type())
        : CellExpression.parse(column.cell(), column.type());
  }

  /// A Table of an object that is no resource, such as a Scale: its name, and when it was made.
  ///
  /// @param includeObject what the row holds of it
  public static Struct ofTree(Struct object, String includeObject, String version) {
    Struct metadata = object.struct("metadata");
    return table(
        version,
        Struct.of("resourceVersion", metadata.string("resourceVersion")),
        PLAIN_COLUMNS,
        List.of(
            Struct.of(
                "cells", List.of(metadata.string("name"), metadata.string("creationTimestamp")),
                "object", included(object, includeObject, version))));
  }

  private static Struct plainColumn(String name, String type, String format, String field) {
    return new StructBuilder()
        .add("name", name)
        .add("type", type)
        .add("format", format)
        .add("description", Descriptions.load().ofField(OBJECT_META, field))
        .add("priority", 0L)
        .build();
  }

  private static Struct partial(Struct metadata, String version) {
    return Struct.of(
        "kind",
        "PartialObjectMetadata",
        "apiVersion",
        "meta.k8s.io/" + version,
        "metadata",
        metadata);
  }

  private static Struct row(
      Endpoint endpoint,
      Stored state,
      Layout layout,
      String includeObject,
      String version,
      Instant now) {
    Struct object = shown(endpoint, state);
    StructBuilder row = new StructBuilder(3).add("cells", cells(object, layout, now));
    row.add("object", included(endpoint, state, includeObject, version));
    Struct finished = finished(object);
    if (finished != null) {
      row.add("conditions", List.of(finished));
    }
    return row.build();
  }

  /// The form that columns read: the stored one for built-in kinds, whatever the version asked for.
  private static Struct shown(Endpoint endpoint, Stored state) {
    return switch (endpoint.served().schema()) {
      case Type _ -> state.object();
      case StructuralSchema _ -> endpoint.present(state);
    };
  }

  private static List<Object> cells(Struct object, Layout layout, Instant now) {
    List<Object> cells = new ArrayList<>(layout.cells.size());
    for (Cell cell : layout.cells) {
      Object value = cell.of(object, now);
      Object absent = cell instanceof CustomCell ? Null.NULL : "";
      cells.add(value == null ? absent : value);
    }
    return List.copyOf(cells);
  }

  private static Object included(Struct object, String includeObject, String version) {
    return switch (includeObject) {
      case "None" -> Null.NULL;
      case "Object" -> object;
      default -> partial(object.struct("metadata"), version);
    };
  }

  private static Object included(
      Endpoint endpoint, Stored state, String includeObject, String version) {
    return switch (includeObject) {
      case "None" -> Null.NULL;
      case "Object" -> endpoint.present(state);
      default -> partial(state.object().struct("metadata"), version);
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

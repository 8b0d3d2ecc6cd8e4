package dev.tiphys.schema.validation.extension;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.custom.SchemaPath;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for how custom resources are seen: columns of tables, subresources and the fields they can
/// be selected by.
final class DefinitionViewRules {

  private static final List<String> COLUMN_TYPES =
      List.of("boolean", "date", "integer", "number", "string");
  private static final List<String> COLUMN_FORMATS =
      List.of("byte", "date", "date-time", "double", "float", "int32", "int64", "password");
  private static final List<String> SELECTABLE = List.of("string", "boolean", "integer");
  private static final int MOST_SELECTABLE = 8;

  private DefinitionViewRules() {}

  /// @param holder a version, or what all versions have in common
  static void views(FieldValue holder, Struct schema) {
    scale(holder.at("subresources", "scale"));
    holder.at("additionalPrinterColumns").items().forEach(DefinitionViewRules::column);
    selectable(holder.at("selectableFields"), schema);
  }

  private static void column(FieldValue column) {
    column.at("name").mustBeSet();
    FieldValue type = column.at("type");
    String types = "must be one of " + String.join(",", COLUMN_TYPES);
    if (type.mustBeSet(types) && !COLUMN_TYPES.contains(type.string())) {
      type.invalid(types);
    }
    FieldValue format = column.at("format");
    if (!format.isEmpty() && !COLUMN_FORMATS.contains(format.string())) {
      format.invalid("must be one of " + String.join(",", COLUMN_FORMATS));
    }
    FieldValue path = column.at("jsonPath").shownAs("JSONPath");
    if (path.mustBeSet()) {
      isPath(path);
    }
  }

  private static boolean isPath(FieldValue path) {
    if (!path.string().startsWith(".")) {
      path.invalid("must be a simple json path starting with .");
      return false;
    }
    return true;
  }

  private static void scale(FieldValue scale) {
    if (!scale.isSet()) {
      return;
    }
    under(scale.at("specReplicasPath"), ".spec");
    under(scale.at("statusReplicasPath"), ".status");
    FieldValue selector = scale.at("labelSelectorPath");
    if (!selector.isEmpty()
        && isPath(selector)
        && !selector.string().startsWith(".spec.")
        && !selector.string().startsWith(".status.")) {
      selector.invalid("should be a json path under either .spec or .status");
    }
  }

  private static void under(FieldValue path, String root) {
    if (path.mustBeSet() && isPath(path) && !path.string().startsWith(root + ".")) {
      path.invalid("should be a json path under " + root);
    }
  }

  private static void selectable(FieldValue fields, Struct schema) {
    Set<String> seen = new HashSet<>();
    for (FieldValue field : fields.items()) {
      FieldValue path = field.at("jsonPath");
      if (path.mustBeSet()) {
        selectable(path, schema, seen);
      }
    }
    if (seen.size() > MOST_SELECTABLE) {
      fields.tooMany(seen.size(), MOST_SELECTABLE);
    }
  }

  private static void selectable(FieldValue path, Struct schema, Set<String> seen) {
    SchemaPath found;
    try {
      found = SchemaPath.follow(path.string(), schema, false);
    } catch (IllegalArgumentException e) {
      path.invalid("is an invalid path: " + e.getMessage());
      return;
    }
    if (found.root().equals("metadata")) {
      path.invalid("must not point to fields in metadata");
    }
    if (!SELECTABLE.contains(found.schema().string("type"))) {
      path.invalid(
          "must point to a field of type string, boolean or integer. Enum string fields and strings"
              + " with formats are allowed.");
    }
    if (!seen.add(found.path())) {
      path.duplicate();
    }
  }
}

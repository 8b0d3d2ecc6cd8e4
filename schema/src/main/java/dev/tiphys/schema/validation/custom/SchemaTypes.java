package dev.tiphys.schema.validation.custom;

import dev.tiphys.cel.Type;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.Formats;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Schemas as types of expressions: what a value can be asked for, and how large it can get.
///
/// Types of fields are made as they are asked for.
public final class SchemaTypes {

  private static final long LARGEST_REQUEST = 3 * 1024 * 1024;
  private static final long LONGEST = LARGEST_REQUEST - 2;
  private static final long LONGEST_TIME = 32;
  private static final long DATE = 12;
  private static final Type TEXT = Type.STRING.atMost(LONGEST);

  /// Upstream takes the size of keys for nothing when it estimates costs.
  private static final Type KEY = Type.STRING.atMost(0);

  private SchemaTypes() {}

  /// The type of what a schema describes; null if expressions cannot know it.
  ///
  /// @param root whether it is a whole object, which always has apiVersion, kind and a name
  /// @param name what object types are called, and what is in them after it
  public static @Nullable Type of(Struct schema, boolean root, String name) {
    if (schema.bool("x-kubernetes-int-or-string")) {
      return Type.DYN.atMost(schema.has("maxLength") ? longest(schema) : LONGEST);
    }
    return switch (schema.string("type")) {
      case "array" -> list(schema, name);
      case "object" -> object(schema, root, name);
      case "string" -> text(schema);
      case "boolean" -> Type.BOOL;
      case "number" -> Type.DOUBLE;
      case "integer" -> Type.INT;
      default -> null;
    };
  }

  /// Characters may take four bytes each.
  private static long longest(Struct schema) {
    return Math.max(0, schema.integer("maxLength")) * 4;
  }

  private static @Nullable Type list(Struct schema, String name) {
    Struct items = schema.struct("items");
    Type element = of(items, Schemas.isEmbedded(items), name + ".@idx");
    if (element == null) {
      return null;
    }
    long most =
        schema.has("maxItems")
            ? Math.max(0, schema.integer("maxItems"))
            : LONGEST / (leastSize(items) + 1);
    Type list = Type.list(element).atMost(most);
    return switch (schema.string("x-kubernetes-list-type")) {
      case "set" -> list.correlatedBy(new Type.Correlation(List.of()));
      case "map" -> {
        List<String> keys = schema.strings("x-kubernetes-list-map-keys");
        yield list.correlatedBy(new Type.Correlation(List.copyOf(keys)));
      }
      default -> list;
    };
  }

  private static @Nullable Type object(Struct schema, boolean root, String name) {
    if (schema.get("additionalProperties") instanceof Struct others) {
      Type value = of(others, Schemas.isEmbedded(others), name + ".@elem");
      if (value == null) {
        return null;
      }
      long most =
          schema.has("maxProperties")
              ? Math.max(0, schema.integer("maxProperties"))
              : LONGEST / (leastSize(others) + 6);
      return Type.map(KEY, value).atMost(most);
    }
    return Type.object(name, new SchemaFields(schema, root, name));
  }

  private static Type text(Struct schema) {
    return switch (schema.string("format")) {
      case "byte" ->
          Type.BYTES.atMost(
              schema.has("maxLength") ? Math.max(0, schema.integer("maxLength")) : LONGEST);
      case "duration" -> Type.DURATION.atMost(LONGEST_TIME);
      case "date" -> Type.TIMESTAMP.atMost(DATE);
      case "date-time" -> Type.TIMESTAMP.atMost(LONGEST_TIME);
      default -> {
        if (schema.has("maxLength")) {
          yield Type.STRING.atMost(longest(schema));
        }
        List<String> values = schema.strings("enum");
        yield schema.list("enum").isEmpty()
            ? TEXT
            : Type.STRING.atMost(values.stream().mapToLong(Formats::byteLength).max().orElse(0));
      }
    };
  }

  /// How often a value can be there at the most, if nothing but the size of requests bounds it.
  static long mostOften(Struct schema) {
    return LARGEST_REQUEST / (leastSize(schema) + 1);
  }

  /// How short the JSON of a value can be.
  private static long leastSize(Struct schema) {
    if (schema.bool("x-kubernetes-int-or-string")) {
      return 1;
    }
    return switch (schema.string("type")) {
      case "object" -> {
        long size = 2;
        if (schema.get("additionalProperties") instanceof Struct) {
          yield size;
        }
        for (String name : schema.strings("required")) {
          if (schema.struct("properties").get(name) instanceof Struct property
              && !property.has("default")
              && of(property, Schemas.isEmbedded(property), "") != null) {
            size += Formats.byteLength(name) + leastSize(property) + 4;
          }
        }
        yield size;
      }
      case "string" ->
          switch (schema.string("format")) {
            case "duration" -> 3;
            case "date" -> DATE;
            case "date-time" -> 21;
            default -> 2;
          };
      case "boolean" -> 4;
      case "array" -> 2;
      default -> 1;
    };
  }

  /// The fields of an object, by the names that expressions give them.
  private static final class SchemaFields implements Type.Fields {
    private static final Type METADATA =
        Type.object("metadata", Map.of("name", TEXT, "generateName", TEXT));
    private static final Map<String, Type> OF_OBJECTS =
        Map.of("apiVersion", TEXT, "kind", TEXT, "metadata", METADATA);

    private final Struct properties;
    private final String prefix;
    private final boolean root;
    private final Map<String, String> names = new HashMap<>();

    SchemaFields(Struct schema, boolean root, String prefix) {
      this.properties = schema.struct("properties");
      this.root = root;
      this.prefix = prefix;
      for (String name : properties.names()) {
        String escaped = Escaping.escaped(name);
        if (escaped != null && !escaped.equals(name)) {
          names.put(escaped, name);
        }
      }
    }

    @Override
    public @Nullable Type type(String name) {
      String inTree = inTree(name);
      if (name.equals(inTree) && !name.equals(Escaping.escaped(name))) {
        return null;
      }
      if (root && OF_OBJECTS.containsKey(name) && !describesNames(name)) {
        return OF_OBJECTS.get(name);
      }
      return properties.get(inTree) instanceof Struct property
          ? of(property, Schemas.isEmbedded(property), prefix + "." + name)
          : null;
    }

    /// Whether the schema itself says what the names of objects look like.
    private boolean describesNames(String field) {
      Struct metadata = properties.struct("metadata", "properties");
      return field.equals("metadata")
          && metadata.struct("name").string("type").equals("string")
          && metadata.struct("generateName").string("type").equals("string");
    }

    @Override
    public String inTree(String name) {
      return names.getOrDefault(name, name);
    }
  }
}

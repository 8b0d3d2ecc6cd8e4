package dev.tiphys.schema.structural;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.DecodingException;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.custom.ObjectRules;
import java.util.ArrayList;
import java.util.List;

/// Rules for the default values in schemas of custom kinds: what fills a gap must itself be sound,
/// and have no fields that would be dropped.
public final class DefaultRules {

  private static final List<String> OF_OBJECTS = List.of("metadata", "apiVersion", "kind");
  private static final Struct NEW_OBJECT =
      Struct.of("apiVersion", "validation/v1", "kind", "Validation");

  private final boolean pruned;

  private DefaultRules(boolean pruned) {
    this.pruned = pruned;
  }

  /// @param schema the schema of a whole object
  /// @param pruned whether fields that the schema does not have are told
  public static void check(FieldValue schema, boolean pruned) {
    new DefaultRules(pruned).node(schema, new Surroundings(schema, false, List.of()));
  }

  /// Whether a default value anywhere in the schema of a whole object has fields that the schema
  /// does not have.
  public static boolean hasUnknownFields(Struct schema) {
    FieldErrors errors = new FieldErrors();
    check(FieldValue.top(errors, schema), true);
    return errors.list().stream().anyMatch(e -> e.detail().equals(UNKNOWN));
  }

  private static final String UNKNOWN = "must not have unknown fields";

  /// The object that a value is part of.
  ///
  /// @param root its schema
  /// @param metadata whether the value is part of its metadata, or its apiVersion or kind
  /// @param path the names on the way; an empty one is an element of a list
  private record Surroundings(FieldValue root, boolean metadata, List<String> path) {

    Surroundings within(String name, boolean inMetadata) {
      List<String> longer = new ArrayList<>(path);
      longer.add(name);
      return new Surroundings(root, inMetadata, longer);
    }

    /// An object with nothing but the value.
    Struct around(Object value) {
      Object inner = value;
      for (int i = path.size() - 1; i > 0; i--) {
        inner = path.get(i).isEmpty() ? List.of(inner) : Struct.of(path.get(i), inner);
      }
      return NEW_OBJECT.with(path.getFirst(), inner);
    }
  }

  private void node(FieldValue schema, Surroundings surroundings) {
    if (!(schema.value() instanceof Struct struct)) {
      return;
    }
    boolean embedded =
        surroundings.root().value() == struct || struct.bool("x-kubernetes-embedded-resource");
    Surroundings here = embedded ? new Surroundings(schema, false, List.of()) : surroundings;
    if (schema.at("default").isSet()) {
      value(schema.at("default"), struct, here, embedded);
    }
    node(schema.at("items"), here.within("", here.metadata()));
    for (FieldValue property : schema.at("properties").entries()) {
      boolean ofObject = embedded && OF_OBJECTS.contains(property.name());
      node(property, here.within(property.name(), here.metadata() || ofObject));
    }
  }

  private void value(FieldValue place, Struct schema, Surroundings around, boolean embedded) {
    Object value = place.value();
    if (value == null) {
      return;
    }
    if (around.metadata()) {
      if (resultsInMetadata(place, around.around(value), around.root().struct())) {
        ObjectRules.checkDefault(place, value, schema, embedded);
      }
      return;
    }
    List<String> unknown = new ArrayList<>();
    try {
      Node node = Node.of(schema);
      new Pruner(unknown::add).value(value, node, node.preserves());
    } catch (DecodingException e) {
      place.at("metadata").invalid(String.valueOf(e.getMessage()));
      return;
    }
    if (pruned && !unknown.isEmpty()) {
      place.invalid(UNKNOWN);
    }
    ObjectRules.checkDefault(place, value, schema, embedded);
  }

  private static boolean resultsInMetadata(FieldValue place, Struct object, Struct schema) {
    FieldErrors errors = new FieldErrors();
    Struct whole = schema.with("x-kubernetes-embedded-resource", true);
    try {
      Node node = Node.of(whole);
      new Pruner(_ -> {}).struct(object, node, node.preserves());
      ObjectRules.checkEmbedded(FieldValue.top(errors, object), whole);
    } catch (DecodingException e) {
      place.invalid("must result in valid metadata: " + e.getMessage());
      return false;
    }
    if (!errors.isEmpty()) {
      place.invalid("must result in valid metadata: " + errors.message());
    }
    return errors.isEmpty();
  }
}

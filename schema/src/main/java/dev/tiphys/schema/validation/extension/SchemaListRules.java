package dev.tiphys.schema.validation.extension;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Rules for what schemas of custom resources say of lists: whether they are sets or maps, and what
/// tells their elements apart.
final class SchemaListRules {

  private static final String LIST_TYPE = "x-kubernetes-list-type";
  private static final String MAP_KEYS = "x-kubernetes-list-map-keys";

  private SchemaListRules() {}

  static void list(FieldValue schema, SchemaRatchet ratchet) {
    FieldValue list = schema.at(LIST_TYPE);
    FieldValue keys = schema.at(MAP_KEYS);
    if (list.isSet()) {
      if (!schema.at("type").is("array")) {
        DefinitionSchemaRules.typeMustBe(schema, "array", LIST_TYPE);
      } else if (ratchet.atomicSets()) {
        atomicSet(schema);
      }
      list.mustBeOneOf(List.of("atomic", "set", "map"));
    }
    if (!keys.isEmpty() && !list.is("map")) {
      String detail = "must be map if x-kubernetes-list-map-keys is non-empty";
      if (list.isSet()) {
        list.invalid(detail);
      } else {
        list.required(detail);
      }
    }
    if (list.is("map")) {
      listMap(schema, keys);
    }
    if (ratchet.mapKeys()) {
      keysAreThere(schema);
    }
  }

  /// The elements of a set are told apart as a whole.
  static void atomicSet(FieldValue schema) {
    FieldValue items = schema.at("items");
    if (!schema.at(LIST_TYPE).is("set") || !(items.value() instanceof Struct)) {
      return;
    }
    FieldValue list = items.at(LIST_TYPE);
    String detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
    if (items.at("type").is("array") && list.isSet() && !list.is("atomic")) {
      list.invalid(detail);
    } else if (items.at("type").is("object")
        && !items.at(DefinitionSchemaRules.MAP_TYPE).is("atomic")) {
      items.at(DefinitionSchemaRules.MAP_TYPE).invalid(list.value(), detail);
    }
  }

  private static void listMap(FieldValue schema, FieldValue keys) {
    FieldValue items = schema.at("items");
    keys.mustBeSet("must not be empty if x-kubernetes-list-type is map");
    if (!items.isSet()) {
      items.required("must have a schema if x-kubernetes-list-type is map");
    } else if (!(items.value() instanceof Struct)) {
      items.invalid("must only have a single schema if x-kubernetes-list-type is map");
    } else if (!items.at("type").is("object")) {
      items
          .at("type")
          .invalid(
              items.at("type").string(),
              "must be object if parent array's x-kubernetes-list-type is map");
    } else {
      keys(keys, items);
    }
  }

  private static void keys(FieldValue keys, FieldValue items) {
    Set<Object> seen = new HashSet<>();
    for (Object key : keys.list()) {
      FieldValue property = items.at("properties").key(key.toString());
      if (!property.isSet()) {
        keys.invalid("entries must all be names of item properties");
      } else if (property.at("type").is("array") || property.at("type").is("object")) {
        property
            .at("type")
            .invalid(
                items.at("type").string(),
                "must be a scalar type if parent array's x-kubernetes-list-type is map");
      }
      if (!seen.add(key)) {
        keys.invalid("must not contain duplicate entries");
      }
    }
  }

  private static void keysAreThere(FieldValue schema) {
    FieldValue items = schema.at("items");
    String list = schema.at(LIST_TYPE).string();
    if (!(items.value() instanceof Struct) || !(list.equals("set") || list.equals("map"))) {
      return;
    }
    if (items.at("nullable").bool()) {
      items.at("nullable").forbidden("cannot be nullable when x-kubernetes-list-type is " + list);
    }
    for (Object key : list.equals("map") ? schema.at(MAP_KEYS).list() : List.of()) {
      FieldValue property = items.at("properties").key(key.toString());
      if (!property.isSet()) {
        continue;
      }
      String detail = "this property is in x-kubernetes-list-map-keys, so it ";
      if (!items.at("required").list().contains(key) && !property.at("default").isSet()) {
        property.at("default").required(detail + "must have a default or be a required property");
      }
      if (property.at("nullable").bool()) {
        property.at("nullable").forbidden(detail + "cannot be nullable");
      }
    }
  }

  static boolean hasLooseKeys(Struct schema) {
    FieldErrors errors = new FieldErrors();
    keysAreThere(FieldValue.top(errors, schema));
    return !errors.isEmpty();
  }
}

package dev.tiphys.schema.validation.custom;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import dev.tiphys.schema.validation.MetaRules;
import dev.tiphys.schema.validation.NameForm;
import java.util.List;
import java.util.Locale;

/// Rules for objects within an object: they have an apiVersion, a kind and sound metadata.
final class EmbeddedRules {

  private EmbeddedRules() {}

  static void check(FieldValue place, Object value, Struct schema) {
    switch (value) {
      case Struct struct -> {
        if (Schemas.isEmbedded(schema)) {
          object(place.holding(struct));
        }
        for (int i = 0; i < struct.size(); i++) {
          String name = struct.name(i);
          if (schema.struct("properties").get(name) instanceof Struct part) {
            check(place.at(name), struct.value(i), part);
          } else if (schema.get("additionalProperties") instanceof Struct part) {
            check(place.key(name), struct.value(i), part);
          }
        }
      }
      case List<?> list -> {
        if (schema.get("items") instanceof Struct items) {
          for (int i = 0; i < list.size(); i++) {
            check(place.shownAt(i), list.get(i), items);
          }
        }
      }
      default -> {}
    }
  }

  private static void object(FieldValue object) {
    for (String field : List.of("apiVersion", "kind")) {
      if (object.struct().get(field) == null) {
        object.at(field).required("must not be empty");
      }
    }
    text(object, "apiVersion");
    text(object, "kind");
    FieldValue metadata = object.at("metadata");
    if (metadata.isSet()) {
      Struct named =
          metadata.at("name").isEmpty()
              ? metadata.struct().with("name", "unnamed")
              : metadata.struct();
      boolean namespaced = !metadata.at("namespace").isEmpty();
      MetaRules.object(metadata.holding(named), namespaced, NameForm.PATH_SEGMENT);
    }
  }

  private static void text(FieldValue object, String field) {
    Object raw = object.struct().get(field);
    FieldValue value = object.at(field);
    if (raw == null) {
      return;
    }
    if (!(raw instanceof String text)) {
      value.invalid(raw == Null.NULL ? null : raw, "must be a string");
    } else if (text.isEmpty()) {
      value.invalid("must not be empty");
    } else if (field.equals("apiVersion")) {
      if (text.indexOf('/') != text.lastIndexOf('/')) {
        value.invalid("unexpected GroupVersion string: " + text);
      }
    } else {
      List<String> problems = Formats.dns1035Label(text.toLowerCase(Locale.ROOT));
      if (!problems.isEmpty()) {
        value.invalid(
            "may have mixed case, but should otherwise match: " + String.join(",", problems));
      }
    }
  }
}

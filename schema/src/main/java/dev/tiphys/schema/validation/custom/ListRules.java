package dev.tiphys.schema.validation.custom;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds elements that are twice in a list that is a set, and keys that are twice in a list that is
/// a map.
final class ListRules {

  private ListRules() {}

  static void check(FieldValue place, Object value, Struct schema) {
    switch (value) {
      case Struct struct -> struct(place, struct, schema);
      case List<?> list -> list(place, list, schema);
      default -> {}
    }
  }

  private static void struct(FieldValue place, Struct struct, Struct schema) {
    Struct properties = schema.struct("properties");
    Object others = schema.get("additionalProperties");
    for (int i = 0; i < struct.size(); i++) {
      String name = struct.name(i);
      if (others instanceof Struct part) {
        check(place.key(name), struct.value(i), part);
      }
      if (properties.get(name) instanceof Struct part) {
        check(place.at(name), struct.value(i), part);
      }
    }
  }

  private static void list(FieldValue place, List<?> list, Struct schema) {
    switch (schema.string("x-kubernetes-list-type")) {
      case "set" ->
          repeated(list).forEach(i -> place.shownAt(i).duplicateText(GoText.of(list.get(i))));
      case "map" -> map(place, list, schema.strings("x-kubernetes-list-map-keys"));
      default -> {}
    }
    if (schema.get("items") instanceof Struct items) {
      for (int i = 0; i < list.size(); i++) {
        check(place.shownAt(i), list.get(i), items);
      }
    }
  }

  /// Where an element stands for the second time. Structs and lists are told apart by their text:
  /// texts have an order, so that no choice of them makes the map slow.
  private static List<Integer> repeated(List<?> list) {
    Map<Object, Integer> scalars = new HashMap<>();
    Map<String, Integer> texts = new HashMap<>();
    List<Integer> repeated = new ArrayList<>(0);
    for (int i = 0; i < list.size(); i++) {
      Object element = list.get(i);
      boolean plain = !(element instanceof Struct) && !(element instanceof List<?>);
      int times =
          plain
              ? scalars.merge(element, 1, Integer::sum)
              : texts.merge(Json.text(element), 1, Integer::sum);
      if (times == 2) {
        repeated.add(i);
      }
    }
    return repeated;
  }

  private static void map(FieldValue place, List<?> list, List<String> keys) {
    List<Struct> found = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      Object element = list.get(i);
      if (!(element instanceof Struct) && element != Null.NULL) {
        place.shownAt(i).invalid(element, "must be an object for an array of list-type map");
        return;
      }
      StructBuilder key = new StructBuilder(keys.size());
      for (String name : keys) {
        Object value = element instanceof Struct struct ? struct.get(name) : null;
        if (value != null) {
          key.put(name, value);
        }
      }
      found.add(key.build());
    }
    repeated(found).forEach(i -> place.shownAt(i).duplicateText(Json.text(found.get(i))));
  }
}

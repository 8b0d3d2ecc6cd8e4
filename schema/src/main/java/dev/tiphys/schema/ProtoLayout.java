package dev.tiphys.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/// The fields of one protobuf message, ordered by number. Some messages hold others whose fields
/// are the outer struct's own in JSON.
record ProtoLayout(List<Slot> slots) {

  /// One numbered place.
  sealed interface Slot {
    int number();

    record Value(int number, Field field) implements Slot {}

    record Nested(int number, ProtoLayout content) implements Slot {}
  }

  static ProtoLayout of(List<Field> fields) {
    return of(fields, 0);
  }

  private static ProtoLayout of(List<Field> fields, int depth) {
    List<Slot> slots = new ArrayList<>();
    TreeMap<Integer, List<Field>> nested = new TreeMap<>();
    for (Field field : fields) {
      List<Integer> path = field.proto();
      if (path.size() == depth + 1) {
        slots.add(new Slot.Value(path.get(depth), field));
      } else if (path.size() > depth + 1) {
        nested.computeIfAbsent(path.get(depth), number -> new ArrayList<>()).add(field);
      }
    }
    nested.forEach((number, inner) -> slots.add(new Slot.Nested(number, of(inner, depth + 1))));
    slots.sort(Comparator.comparingInt(Slot::number));
    return new ProtoLayout(List.copyOf(slots));
  }
}

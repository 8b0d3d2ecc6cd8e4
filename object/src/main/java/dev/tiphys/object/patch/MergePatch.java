package dev.tiphys.object.patch;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import org.jspecify.annotations.Nullable;

/// JSON merge patch, RFC 7386.
public final class MergePatch {

  private MergePatch() {}

  /// `target` changed as `patch` says: null removes a field, structs are merged, all else replaces.
  public static Struct apply(Struct target, Struct patch) {
    StructBuilder merged = null;
    for (int i = 0; i < patch.size(); i++) {
      String name = patch.name(i);
      Object wanted = patch.value(i);
      Object current = target.get(name);
      if (wanted == Null.NULL) {
        continue;
      }
      Object next = wanted instanceof Struct inner ? apply(structOf(current), inner) : wanted;
      if (next != current) {
        merged = merged == null ? StructBuilder.from(target) : merged;
        merged.put(name, next);
      }
    }
    Struct result = merged == null ? target : merged.build();
    for (int i = 0; i < patch.size(); i++) {
      if (patch.value(i) == Null.NULL) {
        result = result.without(patch.name(i));
      }
    }
    return result;
  }

  private static Struct structOf(@Nullable Object value) {
    return value instanceof Struct struct ? struct : Struct.EMPTY;
  }
}

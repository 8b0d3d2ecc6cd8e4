package dev.tiphys.apiserver.admission;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// The class of the cluster that counts for objects which name none.
///
/// @param lookup where classes are found
/// @param group of the classes
/// @param plural of the classes
/// @param mark the annotation that makes a class the default one
public record DefaultClass(Lookup lookup, String group, String plural, String mark) {

  /// An object with the class, unless it names one.
  ///
  /// @param field of the specification that names it
  /// @param annotation that named it before there was the field
  public Struct given(Struct object, String field, String annotation) {
    boolean named = object.has("spec", field) || Meta.of(object).annotations().has(annotation);
    Struct type = named ? null : newest();
    return type == null ? object : object.withAt(Meta.of(type).name(), "spec", field);
  }

  /// The one that was made last, of several the first by name; null if there is none.
  private @Nullable Struct newest() {
    return lookup.list(group, plural, "").stream()
        .filter(type -> Meta.of(type).annotation(mark).equals("true"))
        .max(
            Comparator.comparing((Struct type) -> type.string("metadata", "creationTimestamp"))
                .thenComparing(type -> Meta.of(type).name(), Comparator.reverseOrder()))
        .orElse(null);
  }
}

package dev.tiphys.schema;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.FieldOrder;
import dev.tiphys.object.merge.MergeShape;
import dev.tiphys.object.patch.MergeRules;
import dev.tiphys.schema.structural.StructuralSchema;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the objects of a kind look like: a [Type] of the table for built-in kinds, a
/// [StructuralSchema] for custom ones.
///
/// What one form alone has, such as protobuf, is asked of that form in a `switch` without a
/// default, so that a form can't be forgotten.
///
/// Threads: any; immutable.
public sealed interface Schema permits Type, StructuralSchema {

  /// The full name: `io.k8s.api.core.v1.Pod`.
  String name();

  /// The last part of the name: `Pod`.
  default String shortName() {
    return name().substring(name().lastIndexOf('.') + 1);
  }

  /// `tree` in the form in which objects are stored, compared and shown: without the fields that
  /// the schema does not have. A tree that has this form already is returned as it is.
  ///
  /// @param unknown told the path of every field that is dropped
  /// @throws DecodingException if a value can't be read as what the schema says it is
  Struct normalize(Struct tree, Consumer<String> unknown);

  /// As [#normalize(Struct, Consumer)], with nothing told.
  default Struct normalize(Struct tree) {
    return normalize(tree, _ -> {});
  }

  /// As [#normalize(Struct, Consumer)], of a tree that was made from one that has the form.
  ///
  /// @param normal the one before: what the tree has of it need not be looked at; empty if there is
  ///   none
  default Struct normalize(Struct tree, Struct normal, Consumer<String> unknown) {
    return normalize(tree, unknown);
  }

  /// The order in which JSON shows the fields; null for the order of their names.
  @Nullable FieldOrder order();

  /// How a strategic merge patch changes objects; null if none is taken.
  @Nullable MergeRules strategic();

  /// How server-side apply merges objects, and who may own what of them.
  MergeShape merging();

  /// The value at a dotted path as field selectors compare it.
  String selectable(Struct object, String path);
}

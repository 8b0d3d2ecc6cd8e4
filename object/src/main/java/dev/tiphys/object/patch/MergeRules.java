package dev.tiphys.object.patch;

import org.jspecify.annotations.Nullable;

/// What a strategic merge patch must know of the type of a struct.
public interface MergeRules {

  /// The name of the type, without its package.
  String typeName();

  /// The rules for one field of the struct; null for a field the type does not have.
  @Nullable FieldRules field(String name);

  /// How one field is merged.
  ///
  /// @param merge whether a list is merged with the present one, element by element, instead of
  ///   replacing it
  /// @param mergeKey the field that tells the elements of a merged list apart; null if the elements
  ///   are plain values
  /// @param replace whether a struct replaces the present one instead of being merged with it
  /// @param retainKeys whether the patch may name, in `$retainKeys`, the only fields to be kept
  /// @param content the rules of the struct that the field holds, or of the elements of its list or
  ///   map; null if they are no structs
  record FieldRules(
      boolean merge,
      @Nullable String mergeKey,
      boolean replace,
      boolean retainKeys,
      @Nullable MergeRules content) {}
}

package dev.tiphys.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One field of a type.
///
/// @param name its name in JSON
/// @param type what it holds
/// @param proto its number in protobuf, and before it the numbers of the messages it is nested in
///   there though not in JSON; empty if it has none
/// @param presence when it stands in an object
/// @param required whether the API description calls it required
/// @param defaultValue what an absent value becomes; null if it stays absent
/// @param enumName the enumeration its values come from, if any
/// @param goType what its type is called in Go if it has a name of its own there and is no struct:
///   `v1.Protocol`, `[]v1.Capability`; null otherwise. Messages tell it.
/// @param merging how two writers' values become one
public record Field(
    String name,
    FieldType type,
    List<Integer> proto,
    Presence presence,
    boolean required,
    @Nullable Object defaultValue,
    @Nullable String enumName,
    @Nullable String goType,
    Merging merging) {

  public Field {
    proto = List.copyOf(proto);
  }

  /// How values of a field are merged, by server-side apply and by strategic merge patches.
  ///
  /// @param atomic whether the value is replaced as a whole
  /// @param set whether it is a list without doubles
  /// @param keys the fields that tell the elements of a list apart; empty for other lists
  /// @param patchMerge whether a strategic merge patch merges the list
  /// @param patchKey the field by which it does so; null for lists of plain values
  /// @param patchReplace whether a strategic merge patch replaces the struct
  /// @param retainKeys whether a strategic merge patch may name the only fields to be kept
  public record Merging(
      boolean atomic,
      boolean set,
      List<String> keys,
      boolean patchMerge,
      @Nullable String patchKey,
      boolean patchReplace,
      boolean retainKeys) {

    public Merging {
      keys = List.copyOf(keys);
    }
  }

  /// The type of the struct that the field holds, or of the elements of its list or map; null if
  /// they are no structs.
  public @Nullable Type content() {
    FieldType inner = type;
    while (true) {
      switch (inner) {
        case TypeRef ref -> {
          return ref.type();
        }
        case FieldType.ListOf(FieldType element) -> inner = element;
        case FieldType.MapOf(FieldType value) -> inner = value;
        case Scalar _ -> {
          return null;
        }
      }
    }
  }
}

package dev.tiphys.apiserver.registry;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Set;

/// Which manager has which fields, as far as writers say so themselves.
final class ManagedFields {

  private static final String NAME = "managedFields";
  private static final Set<String> OPERATIONS = Set.of("Apply", "Update");

  private ManagedFields() {}

  /// The metadata of a new state with the entries that it is to have: those of the old state if the
  /// new one has none, or any that can't be read, and none at all if the new one has a single empty
  /// entry, which is how a client takes them away.
  ///
  /// @param old the metadata of the old state; empty for an object that is created
  static Struct settle(Struct metadata, Struct old) {
    List<Struct> entries = metadata.structs(NAME);
    if (entries.equals(List.of(Struct.EMPTY))) {
      return metadata.without(NAME);
    }
    return !entries.isEmpty() && entries.stream().allMatch(ManagedFields::isReadable)
        ? metadata
        : keep(metadata, old);
  }

  /// The metadata with the entries of the old state, which only writers of the whole object change.
  static Struct keep(Struct metadata, Struct old) {
    Object entries = old.get(NAME);
    return entries == null ? metadata.without(NAME) : metadata.with(NAME, entries);
  }

  private static boolean isReadable(Struct entry) {
    return OPERATIONS.contains(entry.string("operation"))
        && !entry.string("apiVersion").isEmpty()
        && entry.string("fieldsType").equals("FieldsV1");
  }
}

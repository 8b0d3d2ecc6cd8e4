package dev.tiphys.apiserver.fieldmanagement;

import dev.tiphys.apiserver.fieldmanagement.Manager.Operation;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.merge.FieldsV1;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The entries of `metadata.managedFields`, read and written.
final class Owners {

  static final String FIELDS_TYPE = "FieldsV1";
  private static final String NAME = "managedFields";

  private static final Comparator<Struct> ORDER =
      Comparator.<Struct, String>comparing(entry -> entry.string("operation"))
          .thenComparing(entry -> entry.string("time"))
          .thenComparing(entry -> entry.string("manager"))
          .thenComparing(entry -> entry.string("apiVersion"))
          .thenComparing(entry -> entry.string("subresource"));

  private Owners() {}

  /// Entries are not as they must be.
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
      super(message);
    }
  }

  /// What each manager owns of an object, by its metadata.
  static Map<Manager, Ownership> read(Struct metadata) throws UnreadableException {
    List<?> entries = metadata.list(NAME);
    Map<Manager, Ownership> owners = LinkedHashMap.newLinkedHashMap(entries.size() + 1);
    for (int i = 0; i < entries.size(); i++) {
      Struct entry = entries.get(i) instanceof Struct struct ? struct : Struct.EMPTY;
      Operation operation = operation(entry.string("operation"));
      String apiVersion = entry.string("apiVersion");
      check(entry, apiVersion, i);
      Manager manager =
          new Manager(
              entry.string("manager"),
              operation,
              operation == Operation.APPLY ? "" : apiVersion,
              entry.string("subresource"));
      try {
        owners.put(
            manager,
            new Ownership(
                apiVersion, entry.string("time"), FieldsV1.set(entry.struct("fieldsV1"))));
      } catch (EncodingException e) {
        throw new UnreadableException(
            "error decoding versioned set from entry "
                + i
                + ": error decoding set: "
                + e.getMessage());
      }
    }
    return owners;
  }

  private static Operation operation(String word) throws UnreadableException {
    for (Operation operation : Operation.values()) {
      if (operation.word().equals(word)) {
        return operation;
      }
    }
    throw new UnreadableException("operation must be `Apply` or `Update`");
  }

  private static void check(Struct entry, String apiVersion, int index) throws UnreadableException {
    if (apiVersion.isEmpty()) {
      throw new UnreadableException("apiVersion must not be empty");
    }
    String type = entry.string("fieldsType");
    if (type.isEmpty()) {
      throw new UnreadableException("missing fieldsType in managed fields entry " + index);
    }
    if (!type.equals(FIELDS_TYPE)) {
      throw new UnreadableException(
          "invalid fieldsType \"" + type + "\" in managed fields entry " + index);
    }
  }

  /// Whether a client that sends this metadata wants the record of owners to end.
  static boolean isReset(Struct metadata) {
    return metadata.get(NAME) instanceof List<?> entries
        && (entries.isEmpty() || entries.equals(List.of(Struct.EMPTY)));
  }

  /// The object with its owners written down.
  static Struct write(Struct object, Map<Manager, Ownership> owners) {
    if (owners.isEmpty()) {
      return without(object);
    }
    List<Struct> entries = new ArrayList<>(owners.size());
    owners.forEach((manager, ownership) -> entries.add(ownership.entry(manager)));
    if (entries.size() > 1) {
      entries.sort(ORDER);
    }
    return object.with("metadata", object.struct("metadata").with(NAME, List.copyOf(entries)));
  }

  static Struct without(Struct object) {
    Struct metadata = object.struct("metadata");
    return metadata.get(NAME) == null ? object : object.with("metadata", metadata.without(NAME));
  }
}

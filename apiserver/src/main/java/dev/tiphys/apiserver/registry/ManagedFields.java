package dev.tiphys.apiserver.registry;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// The entries that tell which manager owns which fields, as a write passes them on: they were
/// worked out before.
public final class ManagedFields {

  private static final String NAME = "managedFields";

  private ManagedFields() {}

  /// The object with the entries of another state of it.
  public static Struct ofState(Struct object, Struct other) {
    return object.with("metadata", takenOver(object.struct("metadata"), other.struct("metadata")));
  }

  /// The metadata with the entries of other metadata.
  static Struct takenOver(Struct metadata, Struct from) {
    Object entries = from.get(NAME);
    return entries == null ? metadata.without(NAME) : metadata.with(NAME, entries);
  }

  /// A state with the times of an older one, if it differs from that in nothing but them: what
  /// changes nothing is not written.
  static Struct withTimesOf(Struct object, Struct old) {
    Object entries = object.get("metadata", NAME);
    Object known = old.get("metadata", NAME);
    boolean onlyTimes =
        entries instanceof List<?> now
            && known instanceof List<?> before
            && now.size() == before.size()
            && !now.equals(before)
            && timeless(now).equals(timeless(before));
    if (!onlyTimes || known == null) {
      return object;
    }
    Struct reverted = object.withAt(known, "metadata", NAME);
    return reverted.equals(old) ? reverted : object;
  }

  private static List<Object> timeless(List<?> entries) {
    List<Object> bare = new ArrayList<>(entries.size());
    for (Object entry : entries) {
      bare.add(entry instanceof Struct struct ? struct.without("time") : entry);
    }
    return bare;
  }
}

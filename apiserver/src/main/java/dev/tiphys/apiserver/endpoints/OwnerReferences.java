package dev.tiphys.apiserver.endpoints;

import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// An owner counts once, however often an object names it.
final class OwnerReferences {

  private static final String WARNING =
      ".metadata.ownerReferences contains duplicate entries; API server dedups owner references in"
          + " 1.20+, and may reject such requests as early as 1.24; please fix your requests;"
          + " duplicate UID(s) observed: ";

  private OwnerReferences() {}

  /// The object with each owner once; the caller is warned of the others.
  static Struct withoutDuplicates(Call call, Struct object) {
    List<Struct> owners = object.structs("metadata", "ownerReferences");
    Set<String> seen = new HashSet<>();
    List<Object> kept = new ArrayList<>();
    List<String> duplicates = new ArrayList<>();
    for (Struct owner : owners) {
      if (seen.add(owner.string("uid"))) {
        kept.add(owner);
      } else {
        duplicates.add(owner.string("uid"));
      }
    }
    if (duplicates.isEmpty()) {
      return object;
    }
    call.warn(WARNING + String.join(", ", duplicates));
    return object.withAt(List.copyOf(kept), "metadata", "ownerReferences");
  }
}

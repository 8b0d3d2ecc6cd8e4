package dev.tiphys.controllers.garbage;

import dev.tiphys.object.Struct;
import java.util.List;

/// An object's reference to an owner.
///
/// @param blocks whether the owner, when it is deleted in the foreground, waits for the object's
///   end
record OwnerRef(String apiVersion, String kind, String name, String uid, boolean blocks) {

  static List<OwnerRef> of(Struct metadata) {
    List<Struct> references = metadata.structs("ownerReferences");
    return references.isEmpty() ? List.of() : references.stream().map(OwnerRef::from).toList();
  }

  private static OwnerRef from(Struct reference) {
    return new OwnerRef(
        reference.string("apiVersion"),
        reference.string("kind"),
        reference.string("name"),
        reference.string("uid"),
        reference.bool("blockOwnerDeletion"));
  }

  String group() {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }
}

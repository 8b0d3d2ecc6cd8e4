package dev.tiphys.apiserver.fieldmanagement;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.merge.FieldSet;
import dev.tiphys.object.merge.FieldsV1;

/// What one manager owns.
///
/// @param apiVersion the version in which the fields are named
/// @param time when that changed last; empty if it is not known
record Ownership(String apiVersion, String time, FieldSet fields) {

  Ownership with(FieldSet changed) {
    return changed == fields ? this : new Ownership(apiVersion, time, changed);
  }

  Ownership at(String newer) {
    return new Ownership(apiVersion, newer, fields);
  }

  /// The entry of `managedFields` that says so.
  Struct entry(Manager manager) {
    return new StructBuilder(7)
        .add("apiVersion", apiVersion)
        .add("fieldsType", Owners.FIELDS_TYPE)
        .add("fieldsV1", FieldsV1.tree(fields))
        .addUnlessEmpty("manager", manager.name())
        .add("operation", manager.operation().word())
        .addUnlessEmpty("subresource", manager.subresource())
        .addUnlessEmpty("time", time)
        .build();
  }
}

package dev.tiphys.apiserver.fieldmanagement;

import dev.tiphys.object.merge.FieldSet;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.Resource.Status;
import java.util.List;
import java.util.function.UnaryOperator;

/// Which fields a writer of a resource, or of a subresource, can come to own: not those that the
/// write leaves as they were, whatever it says.
final class OwnedFields {

  private static final FieldSet STATUS = FieldSet.ofFields("status");
  private static final FieldSet SPEC = FieldSet.ofFields("spec");
  private static final FieldSet METADATA = FieldSet.ofFields("metadata");
  private static final FieldSet SPEC_AND_LABELS =
      SPEC.union(FieldSet.ofFields("metadata", "labels"));
  private static final FieldSet SPEC_AND_METADATA = SPEC.union(METADATA);
  private static final FieldSet SPEC_AND_OWNERS =
      SPEC.union(FieldSet.ofFields("metadata", "deletionTimestamp"))
          .union(FieldSet.ofFields("metadata", "ownerReferences"));
  private static final FieldSet SPEC_AND_STATUS = SPEC.union(STATUS);
  private static final FieldSet SPEC_AND_CONDITIONS =
      SPEC.union(FieldSet.ofFields("status", "conditions"));
  private static final FieldSet SPEC_AND_CERTIFICATE =
      SPEC.union(FieldSet.ofFields("status", "certificate"));

  private static final String SIGNING_REQUESTS = "certificatesigningrequests.certificates.k8s.io";

  private OwnedFields() {}

  static UnaryOperator<FieldSet> of(Resource resource, String subresource) {
    return switch (subresource) {
      case "" -> without(resetByMain(resource));
      case "status" -> without(resetByStatus(resource));
      case "approval" -> without(SPEC_AND_CERTIFICATE);
      case "finalize" -> without(STATUS);
      case "ephemeralcontainers" -> OwnedFields::ephemeralContainers;
      case "resize" -> OwnedFields::containerResources;
      default -> UnaryOperator.identity();
    };
  }

  private static UnaryOperator<FieldSet> without(FieldSet reset) {
    return fields -> fields.without(reset);
  }

  private static FieldSet resetByMain(Resource resource) {
    if (resource.groupResource().equals(SIGNING_REQUESTS)) {
      return SPEC_AND_STATUS;
    }
    return resource.status() == null ? FieldSet.EMPTY : STATUS;
  }

  private static FieldSet resetByStatus(Resource resource) {
    Status status = resource.status();
    if (status == null) {
      return FieldSet.EMPTY;
    }
    return switch (resource.groupResource()) {
      case "pods" -> SPEC_AND_OWNERS;
      case SIGNING_REQUESTS -> SPEC_AND_CONDITIONS;
      default ->
          switch (status.metadata()) {
            case TAKEN -> SPEC;
            case LABELS_KEPT -> SPEC_AND_LABELS;
            case KEPT -> SPEC_AND_METADATA;
          };
    };
  }

  private static FieldSet ephemeralContainers(FieldSet fields) {
    return fields.onlyAlong(List.of("spec", "ephemeralContainers"));
  }

  private static FieldSet containerResources(FieldSet fields) {
    FieldSet found = FieldSet.EMPTY;
    for (String list : List.of("containers", "initContainers")) {
      for (String field : List.of("resources", "resizePolicy")) {
        found = found.union(fields.onlyAlong(List.of("spec", list, "*", field)));
      }
    }
    return found;
  }
}

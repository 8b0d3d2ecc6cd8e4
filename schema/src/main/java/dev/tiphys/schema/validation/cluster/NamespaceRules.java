package dev.tiphys.schema.validation.cluster;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.MetaRules;

/// Rules for Namespaces.
public final class NamespaceRules {

  private NamespaceRules() {}

  /// Upstream's paths leave out which of the finalizers is meant, but for the subresource.
  public static void create(FieldValue namespace) {
    FieldValue finalizers = namespace.at("spec", "finalizers");
    for (FieldValue finalizer : finalizers.items()) {
      MetaRules.qualifiedFinalizer(finalizers.holding(finalizer.value()));
    }
  }

  public static void finalize(FieldValue now, Struct before) {
    for (FieldValue finalizer : now.at("spec", "finalizers").items()) {
      MetaRules.qualifiedFinalizer(finalizer);
    }
  }

  public static void status(FieldValue now, Struct before) {
    FieldValue phase = now.at("status", "phase").shownAs("Phase");
    if (now.at("metadata", "deletionTimestamp").isSet()) {
      if (!phase.is("Terminating")) {
        phase.invalid(
            phase.string(), "may only be 'Terminating' if `deletionTimestamp` is not empty");
      }
    } else if (!phase.is("Active")) {
      phase.invalid(phase.string(), "may only be 'Active' if `deletionTimestamp` is empty");
    }
  }
}

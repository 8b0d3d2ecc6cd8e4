package dev.tiphys.apiserver.reviews;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;

/// What is wrong with a question for access.
final class AccessReviewRules {

  private AccessReviewRules() {}

  static FieldErrors ofSender(Struct review) {
    FieldErrors errors = new FieldErrors();
    checkAttributes(errors, review.struct("spec"));
    checkMetadata(errors, review, "must be empty");
    return errors;
  }

  static FieldErrors ofSubject(Struct review) {
    FieldErrors errors = new FieldErrors();
    checkAttributes(errors, review.struct("spec"));
    checkUser(errors, review.struct("spec"));
    checkMetadata(errors, review, "must be empty");
    return errors;
  }

  static FieldErrors ofLocalSubject(Struct review, String namespace) {
    FieldErrors errors = new FieldErrors();
    Struct spec = review.struct("spec");
    checkAttributes(errors, spec);
    checkUser(errors, spec);
    checkMetadata(errors, withoutNamespace(review), "must be empty except for namespace");
    String asked = spec.string("resourceAttributes", "namespace");
    if (spec.has("resourceAttributes") && !asked.equals(namespace)) {
      add(errors, "spec.resourceAttributes.namespace", asked, "must match metadata.namespace");
    }
    if (spec.has("nonResourceAttributes")) {
      add(
          errors,
          "spec.nonResourceAttributes",
          spec.struct("nonResourceAttributes"),
          "disallowed on this kind of request");
    }
    return errors;
  }

  private static Struct withoutNamespace(Struct review) {
    return review.with("metadata", review.struct("metadata").without("namespace"));
  }

  private static void checkAttributes(FieldErrors errors, Struct spec) {
    boolean ofResource = spec.has("resourceAttributes");
    boolean ofPath = spec.has("nonResourceAttributes");
    if (ofResource && ofPath) {
      add(
          errors,
          "spec.nonResourceAttributes",
          spec.struct("nonResourceAttributes"),
          "cannot be specified in combination with resourceAttributes");
    } else if (!ofResource && !ofPath) {
      add(
          errors,
          "spec.resourceAttributes",
          "null",
          "exactly one of nonResourceAttributes or resourceAttributes must be specified");
    }
  }

  private static void checkUser(FieldErrors errors, Struct spec) {
    if (spec.string("user").isEmpty() && spec.strings("groups").isEmpty()) {
      add(errors, "spec.user", "", "at least one of user or group must be specified");
    }
  }

  private static void checkMetadata(FieldErrors errors, Struct review, String rule) {
    Struct metadata = review.struct("metadata").without("managedFields");
    if (!metadata.without("creationTimestamp").isEmpty()) {
      add(errors, "metadata", metadata, rule);
    }
  }

  private static void add(FieldErrors errors, String field, Object value, String detail) {
    String shown = value instanceof Struct tree ? Json.text(tree) : Json.text(value.toString());
    errors.add(new FieldError(FieldError.Type.INVALID, field, shown, detail));
  }
}

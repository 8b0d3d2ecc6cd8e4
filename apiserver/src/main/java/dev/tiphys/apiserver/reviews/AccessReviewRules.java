package dev.tiphys.apiserver.reviews;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.validation.FieldError;
import dev.tiphys.schema.validation.FieldErrors;
import java.util.List;

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
    checkSelector(errors, spec.struct("resourceAttributes"), "fieldSelector");
    checkSelector(errors, spec.struct("resourceAttributes"), "labelSelector");
  }

  private static void checkSelector(FieldErrors errors, Struct attributes, String field) {
    if (!attributes.has(field)) {
      return;
    }
    Struct selector = attributes.struct(field);
    String path = "spec.resourceAttributes." + field;
    String raw = selector.string("rawSelector");
    List<Struct> requirements = selector.structs("requirements");
    if (!raw.isEmpty() && !requirements.isEmpty()) {
      add(errors, path + ".rawSelector", raw, "may not specified at the same time as requirements");
    } else if (raw.isEmpty() && requirements.isEmpty()) {
      require(
          errors,
          path + ".requirements",
          "when " + path + " is specified, requirements or rawSelector is required");
    }
    for (int i = 0; i < requirements.size(); i++) {
      checkRequirement(errors, requirements.get(i), path + ".requirements[" + i + "]");
    }
  }

  private static void checkRequirement(FieldErrors errors, Struct requirement, String path) {
    if (requirement.string("key").isEmpty()) {
      require(errors, path + ".key", "must be specified");
    }
    boolean valued = !requirement.list("values").isEmpty();
    String operator = requirement.string("operator");
    switch (operator) {
      case "In", "NotIn" -> {
        if (!valued) {
          require(errors, path + ".values", "must be specified when `operator` is 'In' or 'NotIn'");
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (valued) {
          errors.add(
              new FieldError(
                  FieldError.Type.FORBIDDEN,
                  path + ".values",
                  null,
                  "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
        }
      }
      default -> add(errors, path + ".operator", operator, "not a valid selector operator");
    }
  }

  private static void require(FieldErrors errors, String field, String detail) {
    errors.add(new FieldError(FieldError.Type.REQUIRED, field, null, detail));
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

package dev.tiphys.schema.validation.cluster;

import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.SelectorRules;
import dev.tiphys.schema.validation.access.TokenRules;
import java.util.List;

/// Rules for questions about identity and permissions.
public final class ReviewRules {

  private static final String TYPES = "io.k8s.api.authorization.v1.";

  private ReviewRules() {}

  public static void token(FieldValue request) {
    TokenRules.lifetime(request.at("spec", "expirationSeconds"));
  }

  public static void access(FieldValue review) {
    of(review.at("spec"), true);
    metadata(review, "must be empty", List.of("managedFields"));
  }

  public static void selfAccess(FieldValue review) {
    of(review.at("spec"), false);
    metadata(review, "must be empty", List.of("managedFields"));
  }

  public static void localAccess(FieldValue review) {
    FieldValue spec = review.at("spec");
    of(spec, true);
    metadata(review, "must be empty except for namespace", List.of("managedFields", "namespace"));
    FieldValue namespace = spec.at("resourceAttributes", "namespace");
    if (spec.at("resourceAttributes").isSet()
        && !namespace.is(review.at("metadata", "namespace").string())) {
      namespace.invalid(namespace.string(), "must match metadata.namespace");
    }
    if (spec.at("nonResourceAttributes").isSet()) {
      shown(spec.at("nonResourceAttributes"), "disallowed on this kind of request");
    }
  }

  private static void shown(FieldValue attributes, String detail) {
    attributes.invalidText(
        GoText.struct(attributes.value(), TYPES + "NonResourceAttributes"), detail);
  }

  private static void metadata(FieldValue review, String detail, List<String> ignored) {
    FieldValue metadata = review.at("metadata");
    if (metadata.fields().stream().anyMatch(field -> !ignored.contains(field.name()))) {
      metadata.invalidText(
          GoText.struct(metadata.value(), "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"),
          detail);
    }
  }

  private static void of(FieldValue spec, boolean ofOthers) {
    FieldValue resource = spec.at("resourceAttributes");
    FieldValue other = spec.at("nonResourceAttributes");
    if (resource.isSet() && other.isSet()) {
      shown(other, "cannot be specified in combination with resourceAttributes");
    }
    if (!resource.isSet() && !other.isSet()) {
      resource.invalid(
          null, "exactly one of nonResourceAttributes or resourceAttributes must be specified");
    }
    if (ofOthers && spec.at("user").isEmpty() && spec.at("groups").isEmpty()) {
      spec.at("user").invalid("", "at least one of user or group must be specified");
    }
    selector(resource.at("fieldSelector"), false);
    selector(resource.at("labelSelector"), true);
  }

  private static void selector(FieldValue selector, boolean ofLabels) {
    if (!selector.isSet()) {
      return;
    }
    FieldValue raw = selector.at("rawSelector");
    FieldValue requirements = selector.at("requirements");
    if (!raw.isEmpty() && !requirements.isEmpty()) {
      raw.invalid("may not specified at the same time as requirements");
    }
    if (raw.isEmpty() && requirements.isEmpty()) {
      requirements.required(
          "when " + selector.path() + " is specified, requirements or rawSelector is required");
    }
    for (FieldValue requirement : requirements.items()) {
      if (!ofLabels) {
        requirement.at("key").mustBeSet("must be specified");
      }
      SelectorRules.values(requirement);
      if (ofLabels) {
        SelectorRules.keyAndValues(requirement);
      }
    }
  }
}

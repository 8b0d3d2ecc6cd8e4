package dev.tiphys.schema.validation;

import java.util.List;

/// Rules for references to objects by kind and name.
public final class ReferenceRules {

  private ReferenceRules() {}

  /// A group, if one is given, a kind and a name.
  public static void typed(FieldValue reference) {
    if (reference.at("apiGroup").isSet()) {
      reference.at("apiGroup").mustBe(Formats::dnsSubdomain);
    }
    for (String field : List.of("kind", "name")) {
      FieldValue value = reference.at(field);
      if (value.mustBeSet(field + " is required")) {
        value.mustBe(Formats::pathSegment);
      }
    }
  }

  public static void kindAndName(FieldValue reference) {
    reference.at("kind").mustBeSetAnd(Formats::pathSegment);
    reference.at("name").mustBeSetAnd(Formats::pathSegment);
  }
}

package dev.tiphys.schema.validation;

/// Rules for references to objects by kind and name.
public final class ReferenceRules {

  private ReferenceRules() {}

  /// A group, if one is given, a kind and a name.
  public static void typed(FieldValue reference) {
    if (reference.at("apiGroup").isSet()) {
      reference.at("apiGroup").mustBe(Formats::dnsSubdomain);
    }
    kindAndName(reference);
  }

  public static void kindAndName(FieldValue reference) {
    reference.at("kind").mustBeSetAnd(Formats::pathSegment);
    reference.at("name").mustBeSetAnd(Formats::pathSegment);
  }
}

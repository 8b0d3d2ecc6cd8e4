package dev.tiphys.schema.validation;

/// Rules for references to objects by kind and name.
final class ReferenceRules {

  private ReferenceRules() {}

  /// A group, if one is given, a kind and a name.
  static void typed(Place reference) {
    if (reference.at("apiGroup").isSet()) {
      reference.at("apiGroup").mustBe(Formats::dnsSubdomain);
    }
    kindAndName(reference);
  }

  static void kindAndName(Place reference) {
    reference.at("kind").mustBeSetAnd(Formats::pathSegment);
    reference.at("name").mustBeSetAnd(Formats::pathSegment);
  }
}

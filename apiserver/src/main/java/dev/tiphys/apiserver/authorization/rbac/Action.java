package dev.tiphys.apiserver.authorization.rbac;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;

/// What a request wants to do, prepared for being compared with many rules.
///
/// @param verb the verb
/// @param verbBit the verb as one of the usual ones; 0 if it is another
/// @param subject to what
/// @param resource the resource with its subresource; empty for a path
/// @param anyResource as `resource`, but for any resource with that subresource: `*/scale`; empty
///   if there is no subresource
record Action(String verb, int verbBit, Subject subject, String resource, String anyResource) {

  static Action of(Attributes attributes) {
    String verb = attributes.verb();
    return switch (attributes.subject()) {
      case Subject.OfPath path -> new Action(verb, bit(verb), path, "", "");
      case Subject.OfResource resource ->
          new Action(
              verb,
              bit(verb),
              resource,
              resource.resource(),
              resource.subresource().isEmpty() ? "" : "*/" + resource.subresource());
    };
  }

  /// A usual verb as one bit; 0 if it is another.
  static int bit(String verb) {
    return switch (verb) {
      case "get" -> 1;
      case "list" -> 1 << 1;
      case "watch" -> 1 << 2;
      case "create" -> 1 << 3;
      case "update" -> 1 << 4;
      case "patch" -> 1 << 5;
      case "delete" -> 1 << 6;
      case "deletecollection" -> 1 << 7;
      default -> 0;
    };
  }

  /// The bits of a rule for all verbs.
  static final int ALL_VERBS = -1;
}

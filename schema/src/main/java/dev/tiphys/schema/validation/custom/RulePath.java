package dev.tiphys.schema.validation.custom;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.extension.SchemaPath;

/// The path of the field that a rule blames.
final class RulePath {

  private RulePath() {}

  /// @param path as the rule has it: `.spec.names['a.b']`
  static String of(String path, Struct schema) {
    try {
      return SchemaPath.follow(path, schema, true).path();
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}

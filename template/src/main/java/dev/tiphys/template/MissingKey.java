package dev.tiphys.template;

/// What a template does with a key that a map does not have: Go's option `missingkey`.
public enum MissingKey {
  /// Goes on; such a value prints as `<no value>`.
  DEFAULT,
  /// Goes on with the zero value of the map's elements.
  ZERO,
  /// Fails.
  ERROR
}

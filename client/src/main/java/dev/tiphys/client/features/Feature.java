package dev.tiphys.client.features;

import java.util.List;

/// A feature that has a gate in upstream's release.
///
/// @param byDefault whether it is on if nothing is said
/// @param choice who may change that
/// @param needs the features that must be on for this one
record Feature(String name, Stage stage, boolean byDefault, Choice choice, List<String> needs) {

  /// How far it has come, and what metrics call that.
  enum Stage {
    ALPHA("ALPHA"),
    BETA("BETA"),
    GA(""),
    DEPRECATED("DEPRECATED");

    private final String label;

    Stage(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /// Whether a gate can be set to what is not its default.
  enum Choice {
    /// It does what it does in upstream.
    SWITCHED,
    /// Upstream allows it, but here the feature is always on, or not there.
    FIXED,
    /// Upstream forbids it.
    LOCKED
  }

  /// What is wrong with a value for its gate; empty if nothing is.
  String refusalOf(boolean value) {
    if (value == byDefault || choice == Choice.SWITCHED) {
      return "";
    }
    String refused = "cannot set feature gate " + name + " to " + value;
    return choice == Choice.LOCKED
        ? refused + ", feature is locked to " + byDefault
        : refused + (byDefault ? ", feature is always on in Tiphys" : ", feature is not in Tiphys");
  }
}

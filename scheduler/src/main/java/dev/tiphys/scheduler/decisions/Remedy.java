package dev.tiphys.scheduler.decisions;

import dev.tiphys.object.Struct;

/// A change that would make a plugin let a Pod onto a node.
///
/// @param kind what has to be changed: `taint`, `label`, `resource`, `port`, `pods` or `cordon`
/// @param details what exactly, for programs
/// @param cost how large the change is, among others of its kind
public record Remedy(String kind, Struct details, String text, double cost) {

  /// As JSON has it.
  Struct tree() {
    return details.with("kind", kind).with("text", text);
  }
}

package dev.tiphys.node.simulated;

import dev.tiphys.object.Struct;

/// Decides what becomes of Pods on simulated nodes.
///
/// Threads: any.
@FunctionalInterface
public interface Behaviours {

  /// What becomes of a Pod, asked each time the node looks at it.
  Behaviour of(Struct pod);
}

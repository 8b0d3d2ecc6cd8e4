package dev.tiphys.scheduler.events;

/// What happens to an object.
public enum Action {
  ADD,
  DELETE,
  /// A change of an object that is neither a node nor a Pod.
  UPDATE,
  UPDATE_NODE_ALLOCATABLE,
  UPDATE_NODE_LABEL,
  UPDATE_NODE_TAINT,
  UPDATE_NODE_CONDITION,
  UPDATE_NODE_ANNOTATION,
  UPDATE_NODE_DECLARED_FEATURE,
  UPDATE_POD_LABEL,
  /// The Pod asks for less than before.
  UPDATE_POD_SCALE_DOWN,
  /// The last gate of the Pod is gone.
  UPDATE_POD_GATES_ELIMINATED,
  UPDATE_POD_TOLERATION,
  /// The claims that were generated for the Pod have become known.
  UPDATE_POD_GENERATED_CLAIM,
  /// The Pod has changed in another way that matters, as by the beginning of its end.
  UPDATE_POD_OTHER
}

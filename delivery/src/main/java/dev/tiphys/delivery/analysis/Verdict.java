package dev.tiphys.delivery.analysis;

/// What a Rollout may do as an analysis stands.
public enum Verdict {
  /// It is not over.
  WAIT,
  /// It ended well, or the Rollout was let go on though it could not tell.
  GO,
  /// The update is given up, or halted until a person decides.
  STOP
}

package dev.tiphys.world;

/// An action that is due at some time.
public interface Timer {

  /// Takes the action back. Returns whether that was in time: false if it ran, or is running, or
  /// was cancelled before.
  boolean cancel();
}

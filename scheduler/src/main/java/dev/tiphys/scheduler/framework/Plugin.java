package dev.tiphys.scheduler.framework;

/// What all plugins of the scheduling framework are. A plugin takes part in the extension points
/// whose interfaces it implements, as far as a profile has it there.
///
/// Threads: the scheduling task, where nothing is said to the contrary. What runs there must not
/// wait.
public interface Plugin {

  /// The name, as configurations and messages have it.
  String name();
}

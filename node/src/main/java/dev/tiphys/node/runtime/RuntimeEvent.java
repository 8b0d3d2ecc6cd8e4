package dev.tiphys.node.runtime;

import java.util.Map;

/// Something that happened to a container or a sandbox.
///
/// @param id whose event it is
/// @param labels the container's or sandbox's
public record RuntimeEvent(Kind kind, String id, Map<String, String> labels) {

  /// What happened.
  public enum Kind {
    CONTAINER_STARTED,
    CONTAINER_EXITED,
    /// The kernel killed a process in it because memory ran out. Comes shortly before or after
    /// `CONTAINER_EXITED`, if that process was the container's own. A runtime may miss what happens
    /// in a container's very first moments.
    CONTAINER_OUT_OF_MEMORY,
    /// The sandbox's own process has ended.
    SANDBOX_STOPPED
  }

  public RuntimeEvent {
    labels = Map.copyOf(labels);
  }
}

package dev.tiphys.node.runtime;

import dev.tiphys.node.runtime.spec.SandboxName;
import java.time.Instant;
import java.util.Map;

/// A sandbox, as a list shows it.
///
/// @param ready whether its process runs and its network is there
public record Sandbox(
    String id,
    SandboxName name,
    boolean ready,
    Instant created,
    Map<String, String> labels,
    Map<String, String> annotations) {

  public Sandbox {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}

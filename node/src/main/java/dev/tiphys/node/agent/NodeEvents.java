package dev.tiphys.node.agent;

import dev.tiphys.client.EventRecorder;
import dev.tiphys.object.Struct;

/// Tells of what happens to the node.
///
/// Threads: any.
final class NodeEvents {
  private final EventRecorder recorder;
  private final Struct node;

  NodeEvents(EventRecorder recorder, String name) {
    this.recorder = recorder;
    // Upstream's events of nodes have the name for a uid, and are found by it.
    this.node = Struct.of("apiVersion", "v1", "kind", "Node", "name", name).with("uid", name);
  }

  void normal(String reason, String message) {
    recorder.record(node, "Normal", reason, message);
  }

  void warning(String reason, String message) {
    recorder.record(node, "Warning", reason, message);
  }
}

package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.Set;

/// A Pod that has a node and waits for the permission to be bound.
///
/// Threads: any. What is asked for is done on the scheduling task.
public interface WaitingPod {

  PodInfo pod();

  NodeInfo node();

  /// The names of the plugins whose permission is missing.
  Set<String> pending();

  /// Gives a plugin's permission. With the last one the Pod goes on.
  void allow(String plugin);

  /// Rejects the Pod in a plugin's name.
  void reject(String plugin, String reason);
}

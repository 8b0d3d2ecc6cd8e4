package dev.tiphys.node.agent;

import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.object.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The Pods of this node, for those who serve questions about them.
///
/// To exec into or attach to a container, ask [#runtime] with its id; to forward ports, with the id
/// of the sandbox. A container's log is the file at its status' `logPath`: read it with
/// [dev.tiphys.node.logs.LogReader], as long as [#isRunning].
///
/// Threads: any.
public interface RunningPods {
  /// All Pods of this node, as the API has them.
  List<Struct> pods();

  /// A Pod as the API has it; null if it is not on this node.
  @Nullable Struct pod(String namespace, String name);

  /// The newest container of a name; null if there is none.
  ///
  /// @param previous whether the one that ended last is meant instead: what `--previous` asks for
  @Nullable ContainerStatus container(
      String namespace, String pod, String container, boolean previous) throws InterruptedException;

  /// The id of a Pod's sandbox; null if it has none that is ready.
  @Nullable String sandbox(String namespace, String pod) throws InterruptedException;

  /// Whether a container runs now.
  boolean isRunning(String containerId) throws InterruptedException;

  ContainerRuntime runtime();
}

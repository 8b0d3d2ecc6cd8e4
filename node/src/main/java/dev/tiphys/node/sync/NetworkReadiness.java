package dev.tiphys.node.sync;

import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.RuntimeProblems;
import dev.tiphys.node.runtime.RuntimeStatus;
import dev.tiphys.world.World;
import java.time.Duration;

/// Whether sandboxes can have a network. A network that is there does not go away: it is asked for
/// again only now and then, since every Pod that starts would have to wait for the answer.
///
/// Threads: any.
public final class NetworkReadiness {
  private static final Duration KEPT = Duration.ofSeconds(30);

  private final World world;
  private final ContainerRuntime runtime;
  private volatile long readyUntil;

  public NetworkReadiness(World world, ContainerRuntime runtime) {
    this.world = world;
    this.runtime = runtime;
    this.readyUntil = world.nanoTime();
  }

  /// What is wrong with the network; empty if nothing is.
  String problem() throws InterruptedException {
    if (world.nanoTime() - readyUntil < 0) {
      return "";
    }
    RuntimeStatus status = runtime.status();
    if (!status.networkReady()) {
      return RuntimeProblems.network(status);
    }
    readyUntil = world.nanoTime() + KEPT.toNanos();
    return "";
  }
}

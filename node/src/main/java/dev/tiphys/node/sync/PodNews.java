package dev.tiphys.node.sync;

import dev.tiphys.world.World;
import org.jspecify.annotations.Nullable;

/// What a worker was told of its Pod and has not begun to act on, as metrics have it.
///
/// Threads: any may tell; the worker takes.
final class PodNews {

  private final World world;
  private volatile @Nullable Acting first;

  /// What the worker acts on.
  ///
  /// @param operation `create`, `update`, `kill` or `sync`
  /// @param since when it was told
  record Acting(String operation, long since) {}

  /// The Pod was seen for the first time.
  PodNews(World world) {
    this.world = world;
    this.first = new Acting("create", world.nanoTime());
  }

  void tell(String operation) {
    if (first == null) {
      first = new Acting(operation, world.nanoTime());
    }
  }

  /// The worker begins to act on what it was told first; or else it looks by itself.
  Acting take() {
    Acting told = first;
    first = null;
    return told == null ? new Acting("sync", world.nanoTime()) : told;
  }
}

package dev.tiphys.scheduler.decisions;

import java.util.List;

/// What several records hold together. Its bytes count once, as long as one of them holds it.
///
/// Threads: the scheduling task.
abstract class Shared {

  private final long bytes;
  private final List<? extends Shared> parts;
  private int holders;

  /// @param bytes what it takes itself
  /// @param parts what it holds
  Shared(long bytes, List<? extends Shared> parts) {
    this.bytes = bytes;
    this.parts = parts;
  }

  /// One more holds it.
  ///
  /// @return by how many bytes more is held now
  final long hold() {
    return holders++ > 0 ? 0 : bytes + parts.stream().mapToLong(Shared::hold).sum();
  }

  /// One holds it no more.
  ///
  /// @return by how many bytes less is held now
  final long release() {
    return --holders > 0 ? 0 : bytes + parts.stream().mapToLong(Shared::release).sum();
  }
}

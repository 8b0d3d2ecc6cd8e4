package dev.tiphys.client.leader;

/// A part that another program in the cluster may do the work of, and that leaves it to that
/// program then.
public interface Leavable extends AutoCloseable {

  /// Which other program does the work instead; empty if this does.
  String leftTo();

  /// Ends it.
  @Override
  void close();
}

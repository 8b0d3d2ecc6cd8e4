package dev.tiphys.world;

/// The body of a task that runs as long as the part that it belongs to.
///
/// Ends by returning, or with the `InterruptedException` of whatever it waits for when it is
/// closed; everything else that it throws is a failure, after which a [Supervisor] starts it again.
@FunctionalInterface
public interface Loop {
  void run() throws InterruptedException;
}

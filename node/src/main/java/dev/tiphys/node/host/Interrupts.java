package dev.tiphys.node.host;

/// Tells a failure apart from an interrupt: an interrupt ends input and output with an
/// `IOException`, too.
public final class Interrupts {
  private Interrupts() {}

  /// To be called when something has failed.
  ///
  /// @throws InterruptedException if this thread was interrupted: then the failure means nothing
  public static void check() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}

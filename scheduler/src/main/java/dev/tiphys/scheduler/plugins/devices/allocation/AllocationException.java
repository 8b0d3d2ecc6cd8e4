package dev.tiphys.scheduler.plugins.devices.allocation;

/// Something is wrong with a claim or a class, so that no node will do; the message is upstream's.
public final class AllocationException extends RuntimeException {

  private static final long serialVersionUID = 1;

  AllocationException(String message) {
    super(message);
  }
}

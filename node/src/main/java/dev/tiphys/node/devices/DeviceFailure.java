package dev.tiphys.node.devices;

/// Why a Pod cannot have its devices now, in upstream's words.
public final class DeviceFailure extends Exception {
  private static final long serialVersionUID = 1;

  DeviceFailure(String message) {
    super(message);
  }

  public String message() {
    return String.valueOf(getMessage());
  }
}

package dev.tiphys.node.volumes;

/// Why a volume cannot be used now. It may work later.
public final class VolumeFailure extends Exception {
  private static final long serialVersionUID = 1;

  public VolumeFailure(String message) {
    super(message);
  }

  /// What the event says.
  public String message() {
    return String.valueOf(getMessage());
  }

  /// This failure, told of a volume.
  VolumeFailure of(String volume) {
    return new VolumeFailure(
        "MountVolume.SetUp failed for volume \"%s\" : %s".formatted(volume, message()));
  }
}

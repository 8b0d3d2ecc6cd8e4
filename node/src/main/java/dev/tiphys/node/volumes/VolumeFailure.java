package dev.tiphys.node.volumes;

/// Why a volume cannot be used now. It may work later.
public final class VolumeFailure extends Exception {
  private static final long serialVersionUID = 1;

  /// What the event of a failure is called.
  private static final String MOUNT = "FailedMount";

  private final String reason;
  private final boolean told;

  private VolumeFailure(String message, String reason, boolean told) {
    super(message);
    this.reason = reason;
    this.told = told;
  }

  /// @param message what went wrong, without a word on which volume it is
  public VolumeFailure(String message) {
    this(message, MOUNT, false);
  }

  /// Something that others have to do first, and usually do soon: no event tells of it.
  public static VolumeFailure waiting(String message) {
    return new VolumeFailure(message, "", true);
  }

  /// A failure at one step on the way.
  ///
  /// @param step as upstream calls it: `MountVolume.MountDevice`
  public static VolumeFailure at(String step, String volume, String message) {
    String failed = step.contains("failed") ? step : step + " failed";
    return new VolumeFailure(
        "%s for volume \"%s\" : %s".formatted(failed, volume, message),
        step.startsWith("Map") ? "FailedMapVolume" : MOUNT,
        true);
  }

  /// A volume that the Pod's own objects do not lead to.
  static VolumeFailure unprocessed(String volume, String message) {
    return new VolumeFailure(
        "Unable to attach or mount volumes: unmounted volumes=[%s], unattached volumes=[], failed to process volumes=[%s]: %s"
            .formatted(volume, volume, message),
        MOUNT,
        true);
  }

  /// What the event says.
  public String message() {
    return String.valueOf(getMessage());
  }

  /// What the event is called; empty if there is to be none.
  public String reason() {
    return reason;
  }

  /// Whether it only takes a moment more.
  public boolean waits() {
    return reason.isEmpty();
  }

  /// This failure, told of a volume unless it is already.
  VolumeFailure of(String volume) {
    return told ? this : at("MountVolume.SetUp", volume, message());
  }
}

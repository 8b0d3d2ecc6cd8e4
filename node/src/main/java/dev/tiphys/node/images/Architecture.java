package dev.tiphys.node.images;

/// The machines that Tiphys runs on.
public enum Architecture {
  AMD64("amd64"),
  ARM64("arm64");

  private final String id;

  Architecture(String id) {
    this.id = id;
  }

  /// The name that images and nodes use.
  public String id() {
    return id;
  }

  /// That of this machine.
  public static Architecture ofThisMachine() {
    String name = System.getProperty("os.arch");
    return switch (name) {
      case "amd64", "x86_64" -> AMD64;
      case "aarch64", "arm64" -> ARM64;
      default -> throw new IllegalStateException("containers do not run on " + name + " yet");
    };
  }
}

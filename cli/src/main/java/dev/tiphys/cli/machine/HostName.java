package dev.tiphys.cli.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// What this machine is called.
public final class HostName {

  private HostName() {}

  /// The name as a node has it: in lower case.
  ///
  /// @throws CliException if the kernel does not tell
  public static String find() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname"))
          .strip()
          .toLowerCase(Locale.ROOT);
    } catch (IOException e) {
      throw new CliException("cannot find out what this machine is called: " + e.getMessage(), e);
    }
  }
}

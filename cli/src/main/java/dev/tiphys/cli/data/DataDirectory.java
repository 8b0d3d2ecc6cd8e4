package dev.tiphys.cli.data;

import dev.tiphys.cli.machine.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Where a cluster keeps what it must not forget.
///
/// @param path the directory
public record DataDirectory(Path path) {

  /// Where it is if nobody says otherwise.
  public static Path usual() {
    return System.getProperty("user.name", "").equals("root")
        ? Path.of("/var/lib/tiphys")
        : home().resolve(".local").resolve("share").resolve("tiphys");
  }

  /// The user's own directory, where kubectl looks for it too.
  public static Path home() {
    String home = System.getenv("HOME");
    return Path.of(home == null ? System.getProperty("user.home", ".") : home);
  }

  /// The directory at a path, whether it is there or not.
  public static DataDirectory of(Path path) {
    return new DataDirectory(path.toAbsolutePath().normalize());
  }

  /// Makes the directory, readable by its owner only.
  ///
  /// @throws CliException if it can't be had
  public static DataDirectory make(Path path) {
    DataDirectory data = of(path);
    Path absolute = data.path;
    try {
      Files.createDirectories(
          absolute,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new CliException(
          "cannot make the data directory "
              + absolute
              + " ("
              + e.getMessage()
              + "); choose another one with --data-dir",
          e);
    }
    return data;
  }

  /// Whether a cluster was started here; false for a directory that is somebody else's.
  public boolean isOurs() {
    return Files.isDirectory(pki()) || Files.exists(lockFile());
  }

  public Path lockFile() {
    return path.resolve("tiphys.lock");
  }

  public Path pki() {
    return path.resolve("pki");
  }

  public Path store() {
    return path.resolve("store");
  }

  /// Names the process that runs the cluster.
  public Path pidFile() {
    return path.resolve("tiphys.pid");
  }

  public Path log() {
    return path.resolve("tiphys.log");
  }

  public Path adminKubeconfig() {
    return path.resolve("admin.kubeconfig");
  }
}

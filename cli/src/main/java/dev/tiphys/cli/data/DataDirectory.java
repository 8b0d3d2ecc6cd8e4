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

  /// Where it is unless told otherwise.
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

  /// The directory at a path, whether it is there or not. One that is there has one name, by which
  /// ever links it was reached: network, cgroup and addresses of its cluster follow from that.
  ///
  /// @throws CliException if it cannot be looked at
  public static DataDirectory of(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      return new DataDirectory(Files.exists(absolute) ? absolute.toRealPath() : absolute);
    } catch (IOException e) {
      throw new CliException("cannot look at the data directory " + absolute + ": " + e, e);
    }
  }

  /// Makes the directory, readable by its owner only.
  ///
  /// @throws CliException if it can't be had
  public static DataDirectory make(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
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
    return of(absolute);
  }

  /// Whether a cluster was started here; false for a directory of something else.
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

  /// The keys under which Secrets are stored.
  public Path encryption() {
    return path.resolve("encryption.yaml");
  }

  /// By which name its processes lead.
  public Path leaderIdentity() {
    return path.resolve("leader-identity");
  }

  /// Names the process that runs the cluster.
  public Path pidFile() {
    return path.resolve("tiphys.pid");
  }

  /// What a cluster in the background has to say, over all its starts.
  public Path log() {
    return path.resolve("tiphys.log");
  }

  /// The log before that, once it has grown large.
  public Path previousLog() {
    return path.resolve("tiphys.log.1");
  }

  public Path adminKubeconfig() {
    return kubeconfig("admin");
  }

  /// How a part of the cluster reaches the API server.
  public Path kubeconfig(String part) {
    return path.resolve(part + ".kubeconfig");
  }
}

package dev.tiphys.node.cni;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The network plugins that are installed.
///
/// @param directory where all of those are that we use
public record CniPlugins(Path directory) {

  /// Where a network plugin that the user installs puts its programs.
  public static final Path USUAL = Path.of("/opt/cni/bin");

  /// Where a network plugin that the user installs puts its configuration.
  public static final Path USUAL_CONFIGURATIONS = Path.of("/etc/cni/net.d");

  private static final List<String> NEEDED = List.of("host-local", "loopback", "ptp");
  private static final List<Path> PLACES =
      List.of(Path.of("/usr/lib/cni"), USUAL, Path.of("/usr/libexec/cni"));

  /// Finds them where distributions and upstream put them.
  ///
  /// @throws CniException if one is missing
  public static CniPlugins find() throws CniException {
    return find(PLACES);
  }

  static CniPlugins find(List<Path> places) throws CniException {
    for (Path place : places) {
      if (NEEDED.stream().allMatch(plugin -> Files.isExecutable(place.resolve(plugin)))) {
        return new CniPlugins(place);
      }
    }
    throw new CniException(
        "the network plugins %s are not installed (looked in %s): install the package"
                .formatted(String.join(", ", NEEDED), places)
            + " containernetworking-plugins");
  }
}

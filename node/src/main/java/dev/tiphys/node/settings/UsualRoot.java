package dev.tiphys.node.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// `/var/lib/kubelet`: where storage drivers, as people deploy them, look for the agent's
/// directories. They mount it into their containers under this very name, so what the agent tells
/// them must have that name too. It is a link to the directory of the one agent that has it.
public final class UsualRoot {
  /// Where it is.
  public static final Path PATH = Path.of("/var/lib/kubelet");

  private UsualRoot() {}

  /// The directory by its usual name, which is made to lead there; or `data` itself if something
  /// else has that name: then drivers have to be told of the agent's directory.
  ///
  /// @throws IOException if nothing has the name, and the link can't be made
  public static Path claim(Path link, Path data) throws IOException {
    if (!Files.exists(link)) {
      Files.deleteIfExists(link); // It may lead to what was removed.
      Files.createDirectories(link.resolveSibling(""));
      Files.createSymbolicLink(link, data.toRealPath());
    }
    return leadsTo(link, data) ? link : data;
  }

  /// Gives the name back, if it leads to this directory.
  public static void release(Path link, Path data) throws IOException {
    if (leadsTo(link, data)) {
      Files.delete(link);
    }
  }

  /// Whether the usual name leads to this directory.
  public static boolean leadsTo(Path link, Path data) throws IOException {
    return Files.isSymbolicLink(link)
        && Files.exists(data, LinkOption.NOFOLLOW_LINKS)
        && Files.exists(link)
        && link.toRealPath().equals(data.toRealPath());
  }
}

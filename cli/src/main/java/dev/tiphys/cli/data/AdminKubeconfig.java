package dev.tiphys.cli.data;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the administrator finds out how to reach the cluster.
public final class AdminKubeconfig {

  public static final String CONTEXT = "tiphys";

  private AdminKubeconfig() {}

  /// Writes it into the data directory and where its user wants it.
  ///
  /// @param wanted the file to write; null to add a context to the user's own kubeconfig
  /// @return the second file
  public static Path write(Kubeconfig.Access access, DataDirectory data, @Nullable Path wanted) {
    try {
      Kubeconfig own = Kubeconfig.of(CONTEXT, access);
      own.write(data.adminKubeconfig());
      if (wanted != null) {
        own.write(wanted);
        return wanted;
      }
      Path shared = usual();
      (Files.exists(shared) ? Kubeconfig.read(shared).with(CONTEXT, access) : own).write(shared);
      return shared;
    } catch (IOException e) {
      throw new CliException(
          "cannot write the kubeconfig (%s); choose a file for it with --kubeconfig"
              .formatted(e.getMessage()),
          e);
    }
  }

  /// Puts a renewed certificate into the data directory and into the file that was written beside
  /// it, as far as that still leads to this cluster. Which context is the current one is its user's
  /// choice.
  ///
  /// @param beside what [#write] returned
  public static void renew(Kubeconfig.Access access, DataDirectory data, Path beside) {
    try {
      if (isOurs(beside, data)) {
        Kubeconfig config = Kubeconfig.read(beside);
        Struct renewed = config.with(CONTEXT, access).tree();
        String current = config.tree().string("current-context");
        new Kubeconfig(renewed.with("current-context", current)).write(beside);
      }
      Kubeconfig.of(CONTEXT, access).write(data.adminKubeconfig());
    } catch (IOException e) {
      throw new CliException("cannot renew the kubeconfig: " + e.getMessage(), e);
    }
  }

  /// Whether a file holds what stands in the data directory.
  private static boolean isOurs(Path file, DataDirectory data) throws IOException {
    return Files.exists(file)
        && Files.exists(data.adminKubeconfig())
        && Kubeconfig.read(file)
            .tree()
            .structs("users")
            .containsAll(Kubeconfig.read(data.adminKubeconfig()).tree().structs("users"));
  }

  /// Takes the context out of the user's own kubeconfig, if it leads to the cluster of this data
  /// directory.
  public static void forget(DataDirectory data) throws IOException {
    Path shared = usual();
    if (isOurs(shared, data)) {
      Kubeconfig.read(shared).without(CONTEXT).write(shared);
    }
  }

  /// Where kubectl looks: the files that `KUBECONFIG` names, or the usual one.
  public static List<Path> files() {
    return Kubeconfig.files(
        System.getenv("KUBECONFIG"), DataDirectory.home().resolve(".kube").resolve("config"));
  }

  /// The file of those that kubectl changes: the first that is there, or the last if none is.
  public static Path usual() {
    List<Path> files = files();
    return files.stream().filter(Files::exists).findFirst().orElse(files.getLast());
  }
}

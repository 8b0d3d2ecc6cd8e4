package dev.tiphys.cli.options;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.data.EncryptionFile;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.roles.EncryptionChoice;
import dev.tiphys.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How objects are encrypted in the store, with upstream's words for it.
public final class EncryptionOptions {

  @Option(
      names = "--encryption-provider-config",
      paramLabel = "FILE",
      description =
          "A file with an EncryptionConfiguration. Default: encryption.yaml in the data directory,"
              + " by which Secrets are encrypted; 'tiphys up' makes it.")
  private @Nullable Path file;

  @Option(
      names = "--encryption-provider-config-automatic-reload",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "BOOL",
      description = "Whether changes of that file count while the server runs.")
  private boolean reloads;

  /// What is asked for of a server that has a cluster of its own: without a file, there is one in
  /// its data directory.
  ///
  /// @throws CliException if it does not go together, or the file can't be made
  public EncryptionChoice choiceOfCluster(World world, DataDirectory data) {
    return file == null && !reloads
        ? new EncryptionChoice(EncryptionFile.made(world, data), true)
        : choice(data);
  }

  /// What is asked for of a server.
  ///
  /// @throws CliException if it does not go together
  public EncryptionChoice choice(DataDirectory data) {
    if (file != null) {
      return new EncryptionChoice(file, reloads);
    }
    if (reloads) {
      throw new CliException(
          "--encryption-provider-config-automatic-reload must be set with"
              + " --encryption-provider-config");
    }
    Path own = data.encryption();
    return Files.exists(own) ? new EncryptionChoice(own, true) : new EncryptionChoice(null, false);
  }
}

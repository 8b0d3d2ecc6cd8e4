package dev.tiphys.cli.roles;

import dev.tiphys.apiserver.encryption.ConfiguredEncryption;
import dev.tiphys.apiserver.encryption.Encryption;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.machine.HostName;
import dev.tiphys.world.World;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How objects are encrypted in the store.
///
/// @param file with an EncryptionConfiguration; null to store everything as it is
/// @param reloads whether the file is followed while the server runs
public record EncryptionChoice(@Nullable Path file, boolean reloads) {

  /// @throws CliException if the file can't be used
  Encryption open(World world) {
    if (file == null) {
      return Encryption.NONE;
    }
    try {
      return new ConfiguredEncryption(world, "apiserver-" + HostName.find(), file, reloads);
    } catch (IllegalArgumentException e) {
      throw new CliException("cannot encrypt as asked: " + e.getMessage(), e);
    }
  }
}

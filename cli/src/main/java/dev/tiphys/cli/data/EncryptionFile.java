package dev.tiphys.cli.data;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;

/// The key under which a cluster stores its Secrets: made on the first start, kept in a file that
/// only its owner can read, in upstream's form, so that keys can be added and taken away.
public final class EncryptionFile {

  private static final int KEY_BYTES = 32;

  private EncryptionFile() {}

  /// The file of a cluster, made if it is not there. What was stored before it was there is plain,
  /// and stays readable.
  ///
  /// @throws CliException if it can't be made
  public static Path made(World world, DataDirectory data) {
    Path file = data.encryption();
    if (Files.exists(file)) {
      return file;
    }
    byte[] key = new byte[KEY_BYTES];
    world.random().nextBytes(key);
    // a key of its own name: what a lost one has encrypted is then said to have another key
    String name = "key-%08x".formatted(world.random().nextInt());
    write(
        file,
        """
        # The keys under which Secrets are stored: the first one writes, all of them read.
        # Secrets that were written with a key are lost with it.
        apiVersion: apiserver.config.k8s.io/v1
        kind: EncryptionConfiguration
        resources:
        - resources: [secrets]
          providers:
          - secretbox:
              keys:
              - {name: %s, secret: %s}
          - identity: {}
        """
            .formatted(name, Base64.getEncoder().encodeToString(key)));
    return file;
  }

  /// Gives the keys of a cluster to one that begins with its objects.
  ///
  /// @throws CliException if they can't be read or written
  public static void copy(DataDirectory from, DataDirectory to) {
    try {
      if (Files.exists(from.encryption())) {
        write(to.encryption(), Files.readString(from.encryption(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new CliException("cannot read the keys in " + from.encryption() + ": " + e, e);
    }
  }

  private static void write(Path file, String text) {
    Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      Files.deleteIfExists(unfinished);
      Files.createFile(
          unfinished,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(unfinished, text, StandardCharsets.UTF_8);
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CliException("cannot write the keys in " + file + ": " + e, e);
    }
  }
}

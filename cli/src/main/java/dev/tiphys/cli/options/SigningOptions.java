package dev.tiphys.cli.options;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.controllers.SigningSettings;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.token.TokenSigner;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What controllers in a process of their own sign with, with upstream's words for it.
public final class SigningOptions {

  @Option(
      names = "--cluster-signing-cert-file",
      paramLabel = "FILE",
      description = "The authority that signs the certificates that were asked for. Default: none.")
  private @Nullable Path certificate;

  @Option(
      names = "--cluster-signing-key-file",
      paramLabel = "FILE",
      description = "Its private key.")
  private @Nullable Path key;

  @Option(
      names = "--service-account-private-key-file",
      paramLabel = "FILE",
      description =
          "What signs the tokens of service accounts that are kept in Secrets; its public half is"
              + " read from the file of that name that ends in .pub. Default: nothing does.")
  private @Nullable Path tokens;

  /// @throws CliException if a file can't be used
  public SigningSettings settings(World world) {
    if ((certificate == null) != (key == null)) {
      throw new CliException(
          "--cluster-signing-cert-file and --cluster-signing-key-file must be given together");
    }
    try {
      return new SigningSettings(authority(world), signer());
    } catch (IOException | IllegalArgumentException e) {
      throw new CliException("cannot sign with the keys that were given: " + e.getMessage(), e);
    }
  }

  private @Nullable Authority authority(World world) throws IOException {
    if (certificate == null || key == null) {
      return null;
    }
    return new Authority(
        world,
        new Credential(
            Pem.privateKey(Files.readString(key)),
            Pem.certificates(Files.readString(certificate))));
  }

  private @Nullable TokenSigner signer() throws IOException {
    if (tokens == null) {
      return null;
    }
    PrivateKey own = Pem.privateKey(Files.readString(tokens));
    Path shown =
        tokens.resolveSibling(tokens.getFileName().toString().replaceAll("\\.key$", "") + ".pub");
    PublicKey half = Pem.publicKeys(Files.readString(shown)).getFirst();
    return new TokenSigner(own, half);
  }
}

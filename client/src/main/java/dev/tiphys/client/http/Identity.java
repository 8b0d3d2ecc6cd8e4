package dev.tiphys.client.http;

import dev.tiphys.pki.Pem;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The credentials of a client over time: tokens and certificates in files change, and what
/// programs give expires.
///
/// Threads: any.
final class Identity {

  /// How old the content of a token file may be, as upstream has it.
  private static final Duration READ_AGAIN = Duration.ofMinutes(1);

  private final World world;
  private final Kubeconfig.Access access;
  private final Object lock = new Object();
  private String token;
  private @Nullable Instant tokenRead;
  private String certificate;
  private String key;
  private @Nullable Instant certificateRead;
  private ExecPlugin.@Nullable Given given;

  /// The credentials at a moment.
  ///
  /// @param authorization the value of the header field; empty for none
  /// @param certificate as PEM; empty for none
  /// @param key as PEM; empty for none
  record Proof(String authorization, String certificate, String key) {}

  Identity(World world, Kubeconfig.Access access) {
    this.world = world;
    this.access = access;
    this.token = access.token();
    this.certificate = access.certificate();
    this.key = access.key();
  }

  /// @throws IOException if a program or a file does not give what it should
  Proof proof() throws IOException, InterruptedException {
    synchronized (lock) {
      ExecPlugin exec = access.more().exec();
      if (exec != null) {
        ExecPlugin.Given now = given;
        if (now == null || isOver(now)) {
          now = exec.run();
          given = now;
        }
        boolean own = now.certificate().isEmpty();
        return new Proof(
            now.token().isEmpty() ? authorization() : "Bearer " + now.token(),
            own ? access.certificate() : now.certificate(),
            own ? access.key() : now.key());
      }
      AccessOptions.CredentialFiles files = access.more().files();
      if (files != null) {
        readCertificate(files);
      }
      return new Proof(authorization(), certificate, key);
    }
  }

  /// The server does not accept a proof any more.
  ///
  /// @return whether another one can be had
  boolean refused(Proof proof) {
    synchronized (lock) {
      boolean current = given != null && proof.authorization().equals("Bearer " + given.token());
      if (current) {
        given = null;
      }
      return access.more().exec() != null;
    }
  }

  private boolean isOver(ExecPlugin.Given given) {
    Instant expires = given.expires();
    return expires != null && !expires.isAfter(world.now());
  }

  private String authorization() throws IOException {
    AccessOptions options = access.more();
    Path file = options.tokenFile();
    if (file != null) {
      readToken(file);
    }
    if (!token.isEmpty()) {
      return "Bearer " + token;
    }
    if (options.username().isEmpty()) {
      return "";
    }
    String both = options.username() + ":" + options.password();
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
  }

  /// Both files, if they belong together: one of them may be just being written.
  private void readCertificate(AccessOptions.CredentialFiles files) {
    Instant now = world.now();
    if (certificateRead != null && certificateRead.plus(READ_AGAIN).isAfter(now)) {
      return;
    }
    certificateRead = now;
    try {
      String shown = Files.readString(files.certificate());
      String own = Files.readString(files.key());
      if (!shown.equals(certificate) && Pem.belong(own, shown)) {
        certificate = shown;
        key = own;
      }
    } catch (IOException | IllegalArgumentException e) {
      certificateRead = null; // what there is stays good; the next request looks again
    }
  }

  /// A file that cannot be read any more does not make the last token worse.
  private void readToken(Path file) throws IOException {
    Instant now = world.now();
    if (tokenRead != null && tokenRead.plus(READ_AGAIN).isAfter(now)) {
      return;
    }
    try {
      String read = Files.readString(file).strip();
      if (read.isEmpty()) {
        throw new IOException("read empty token from file \"" + file + "\"");
      }
      token = read;
      tokenRead = now;
    } catch (IOException e) {
      if (token.isEmpty()) {
        throw new IOException("failed to read token file \"" + file + "\": " + e.getMessage(), e);
      }
    }
  }
}

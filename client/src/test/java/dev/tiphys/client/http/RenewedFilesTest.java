package dev.tiphys.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A certificate in a file, which is renewed while the client runs.
class RenewedFilesTest {

  @TempDir Path directory;

  private final VirtualWorld world = new VirtualWorld(1);
  private final Authority authority = Authority.found(world, "test");

  private Credential issue() {
    return authority.issue(Subject.client("ann"), Duration.ofDays(1));
  }

  private void writeKey(Credential credential) throws IOException {
    Files.writeString(directory.resolve("a.key"), Pem.of(credential.key()));
  }

  private void writeCertificate(Credential credential) throws IOException {
    Files.writeString(directory.resolve("a.crt"), Pem.of(credential.chain()));
  }

  private Identity identity() throws IOException {
    Path file = directory.resolve("config");
    Kubeconfig.of(
            "test",
            new Kubeconfig.Access(
                "https://server",
                "",
                "",
                "",
                "",
                AccessOptions.ofFiles(directory.resolve("a.crt"), directory.resolve("a.key"))))
        .write(file);
    return new Identity(world, Kubeconfig.read(file).current(file));
  }

  @Test
  void theNewOneIsShownWithinAMinute() throws Exception {
    Credential first = issue();
    writeKey(first);
    writeCertificate(first);
    Identity identity = identity();
    assertThat(identity.proof().certificate()).isEqualTo(Pem.of(first.chain()));
    Credential second = issue();
    writeKey(second);
    writeCertificate(second);

    world.advance(Duration.ofSeconds(61));

    assertThat(identity.proof().certificate()).isEqualTo(Pem.of(second.chain()));
    assertThat(identity.proof().key()).isEqualTo(Pem.of(second.key()));
  }

  /// The two files are written one after the other.
  @Test
  void aKeyAndACertificateThatDoNotBelongTogetherAreNotTaken() throws Exception {
    Credential first = issue();
    writeKey(first);
    writeCertificate(first);
    Identity identity = identity();
    assertThat(identity.proof().key()).isEqualTo(Pem.of(first.key()));
    writeKey(issue());
    world.advance(Duration.ofSeconds(61));

    assertThat(identity.proof().key()).isEqualTo(Pem.of(first.key()));
    assertThat(identity.proof().certificate()).isEqualTo(Pem.of(first.chain()));
  }

  @Test
  void whatCannotBeReadAnyMoreDoesNotMakeTheLastOneWorse() throws Exception {
    Credential first = issue();
    writeKey(first);
    writeCertificate(first);
    Identity identity = identity();
    Files.delete(directory.resolve("a.crt"));
    world.advance(Duration.ofSeconds(61));

    assertThat(identity.proof().certificate()).isEqualTo(Pem.of(first.chain()));
  }
}

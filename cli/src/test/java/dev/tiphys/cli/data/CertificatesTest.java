package dev.tiphys.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Pem;
import dev.tiphys.pki.Subject;
import dev.tiphys.pki.Trust;
import dev.tiphys.world.VirtualWorld;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificatesTest {

  private final VirtualWorld world = new VirtualWorld(1);
  @TempDir Path directory;
  private Certificates certificates;

  @BeforeEach
  void found() {
    certificates = new Certificates(world, directory.resolve("pki"));
  }

  private static Subject server(String... hosts) {
    return Subject.server("apiserver", List.of(hosts));
  }

  @Test
  void whatWasIssuedIsKeptOverStarts() {
    Credential first = certificates.of("apiserver", server("a"));

    Certificates again = new Certificates(world, directory.resolve("pki"));

    assertThat(again.authorities()).isEqualTo(certificates.authorities());
    assertThat(again.of("apiserver", server("a")).certificate()).isEqualTo(first.certificate());
  }

  @Test
  void aCertificateThatDoesNotNameAHostIsMadeAnew() {
    Credential first = certificates.of("apiserver", server("a"));

    Credential both = certificates.of("apiserver", server("a", "b"));

    assertThat(both.certificate()).isNotEqualTo(first.certificate());
    assertThat(certificates.of("apiserver", server("b")).certificate())
        .isEqualTo(both.certificate());
  }

  @Test
  void aCertificateIsMadeAnewAMonthBeforeItsEnd() {
    Credential first = certificates.of("apiserver", server("a"));

    world.advance(Duration.ofDays(330));
    assertThat(certificates.of("apiserver", server("a")).certificate())
        .isEqualTo(first.certificate());
    world.advance(Duration.ofDays(6));

    assertThat(certificates.of("apiserver", server("a")).certificate())
        .isNotEqualTo(first.certificate());
  }

  @Test
  void keysAreReadableByTheirOwnerOnly() throws Exception {
    certificates.of("apiserver", server("a"));

    for (String name : List.of("ca.key", "apiserver.key")) {
      assertThat(Files.getPosixFilePermissions(directory.resolve("pki").resolve(name)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void filesThatAreNoneAreToldWithTheirPlace() throws Exception {
    Files.writeString(directory.resolve("pki/ca.crt"), "nonsense");

    assertThatThrownBy(() -> new Certificates(world, directory.resolve("pki")))
        .isInstanceOf(CliException.class)
        .hasMessageContaining(directory.resolve("pki").toString());
  }

  @Test
  void whatIsRenewedIsAnotherOneInTimeAndThenStays() {
    RenewedCredential renewed = certificates.renewed("apiserver", server("a"));
    Credential first = renewed.get();
    world.advance(Duration.ofDays(334));
    assertThat(renewed.get()).isEqualTo(first);

    world.advance(Duration.ofDays(2));

    Credential second = renewed.get();
    assertThat(second.certificate()).isNotEqualTo(first.certificate());
    assertThat(renewed.get()).isEqualTo(second);
    assertThat(certificates.of("apiserver", server("a")).certificate())
        .isEqualTo(second.certificate());
  }

  /// The new authority stands first in the file, and the old one behind it for as long as there are
  /// certificates of it.
  @Test
  void anotherAuthorityOfTheSameNameIssuesAnewAndTheOldOneStaysTrusted() throws Exception {
    Credential first = certificates.of("apiserver", server("a"));
    Authority next = Authority.found(world, "tiphys-ca");
    Path pki = directory.resolve("pki");
    Files.writeString(
        pki.resolve("ca.crt"),
        Pem.of(List.of(next.certificate(), certificates.authorities().getFirst())));
    Files.writeString(pki.resolve("ca.key"), Pem.of(next.credential().key()));

    Certificates again = new Certificates(world, pki);

    Credential second = again.of("apiserver", server("a"));
    assertThat(second.certificate()).isNotEqualTo(first.certificate());
    second.certificate().verify(next.certificate().getPublicKey());
    Trust trust = new Trust(again.authorities());
    for (String user : List.of("old", "new")) {
      Authority issuer = user.equals("old") ? certificates.authority() : again.authority();
      Credential client = issuer.issue(Subject.client(user), Duration.ofDays(1));
      assertThat(trust.verify(client.chain(), world.now())).isAfter(world.now());
    }
  }
}

package dev.tiphys.apiserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.authentication.Authenticator.Proof;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.pki.Authority;
import dev.tiphys.pki.Credential;
import dev.tiphys.pki.Subject;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientCertificatesTest {

  private static final Duration DAY = Duration.ofDays(1);

  private final VirtualWorld world = new VirtualWorld(1);
  private final Authority authority = Authority.found(world, "tiphys");
  private final ClientCertificates certificates =
      new ClientCertificates(world, List.of(authority.certificate()));

  @Test
  void aCertificateNamesTheUserAndItsGroups() {
    Credential ann = authority.issue(Subject.client("ann", "team", "all"), DAY);

    assertThat(certificates.examine(ann.chain()))
        .isInstanceOfSatisfying(
            Proof.Of.class,
            proof -> {
              assertThat(proof.user().name()).isEqualTo("ann");
              assertThat(proof.user().groups()).containsExactlyInAnyOrder("team", "all");
              assertThat(proof.user().extra().get(UserInfo.CREDENTIAL_ID).getFirst())
                  .matches("X509SHA256=[0-9a-f]{64}");
            });
  }

  @Test
  void whatWasVerifiedOnceExpiresAllTheSame() {
    Credential ann = authority.issue(Subject.client("ann"), DAY);
    assertThat(certificates.examine(ann.chain())).isInstanceOf(Proof.Of.class);

    world.advance(DAY.plusSeconds(1));

    assertThat(certificates.examine(ann.chain())).isEqualTo(Proof.FAILED);
  }

  @Test
  void aServersCertificateIsNoClients() {
    Credential server = authority.issue(Subject.server("server", List.of("localhost")), DAY);

    assertThat(certificates.examine(server.chain())).isEqualTo(Proof.FAILED);
  }

  @Test
  void aStrangersCertificateFailsAndNoneProvesNothing() {
    Credential stranger = Authority.found(world, "tiphys").issue(Subject.client("ann"), DAY);

    assertThat(certificates.examine(stranger.chain())).isEqualTo(Proof.FAILED);
    assertThat(certificates.examine(List.of())).isEqualTo(Proof.NONE);
  }

  @Test
  void howLongCertificatesAreStillValidIsTold() {
    Exposition before = new Exposition();
    certificates.write(before);
    assertThat(before.toString()).isEmpty();

    var _ = certificates.examine(authority.issue(Subject.client("ann"), DAY).chain());
    Credential bob = authority.issue(Subject.client("bob"), DAY.multipliedBy(3_650));
    for (int i = 0; i < 2_000; i++) {
      var _ = certificates.examine(bob.chain());
    }

    Exposition out = new Exposition();
    certificates.write(out);
    String name = "apiserver_client_certificate_expiration_seconds";
    assertThat(out.toString().lines())
        .contains(
            "# TYPE " + name + " histogram",
            name + "_bucket{le=\"0\"} 0",
            name + "_bucket{le=\"43200\"} 0",
            name + "_bucket{le=\"86400\"} 1",
            name + "_bucket{le=\"31104000\"} 1",
            name + "_count 2001",
            name + "_sum 630720086400");
  }
}

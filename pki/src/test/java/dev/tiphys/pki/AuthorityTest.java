package dev.tiphys.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.world.VirtualWorld;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuthorityTest {

  private final Authority authority = Authority.found(new VirtualWorld(1), "tiphys");

  @Test
  void aCertificateSpeaksOfItsSubject() throws Exception {
    X509Certificate client =
        authority.issue(Subject.client("ann", "team", "all"), Duration.ofDays(1)).certificate();

    client.verify(authority.certificate().getPublicKey());
    assertThat(client.getSubjectX500Principal().getName()).isEqualTo("CN=ann,O=all,O=team");
    assertThat(client.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(client.getNotAfter()).isEqualTo("2026-01-02T00:00:00Z");
    assertThat(client.getBasicConstraints()).isNegative();
  }

  @Test
  void aServersCertificateNamesItsHosts() throws Exception {
    X509Certificate server =
        authority
            .issue(
                Subject.server("api", List.of("localhost", "127.0.0.1", "::1")),
                Duration.ofDays(1),
                KeyType.EC)
            .certificate();

    assertThat(server.getSubjectAlternativeNames())
        .extracting(name -> (Object) name.get(1))
        .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
  }

  @Test
  void keysAndCertificatesComeBackFromTheirText() {
    for (KeyType type : KeyType.values()) {
      Credential issued = authority.issue(Subject.client("ann"), Duration.ofDays(1), type);

      assertThat(Pem.certificates(Pem.of(issued.chain()))).isEqualTo(issued.chain());
      assertThat(Pem.privateKey(Pem.of(issued.key()))).isEqualTo(issued.key());
    }
    assertThatThrownBy(() -> Pem.certificates("nothing"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

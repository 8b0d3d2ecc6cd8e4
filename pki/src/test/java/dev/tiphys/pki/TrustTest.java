package dev.tiphys.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.world.VirtualWorld;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

class TrustTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  private final Made root = Made.root(NOW.plus(Duration.ofDays(100)));
  private final Trust trust = new Trust(List.of(root.certificate));

  /// A certificate and its key, made by hand.
  private record Made(String name, X509Certificate certificate, PrivateKey key) {

    static Made root(Instant end) {
      KeyPair keys = keys();
      return new Made(
          "root", sign("root", keys.getPrivate(), "root", keys, 3, end), keys.getPrivate());
    }

    /// @param below how many authorities may stand below it; -1 if it is none itself
    Made issue(String subject, int below, Instant end) {
      KeyPair keys = keys();
      return new Made(subject, sign(name, key, subject, keys, below, end), keys.getPrivate());
    }

    private static KeyPair keys() {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }

    private static X509Certificate sign(
        String issuer, PrivateKey signing, String subject, KeyPair keys, int below, Instant end) {
      try {
        return new JcaX509CertificateConverter()
            .getCertificate(
                new JcaX509v3CertificateBuilder(
                        new X500Name("CN=" + issuer),
                        java.math.BigInteger.valueOf(subject.hashCode() & 0xffff),
                        Date.from(NOW.minus(DAY)),
                        Date.from(end),
                        new X500Name("CN=" + subject),
                        keys.getPublic())
                    .addExtension(
                        Extension.basicConstraints,
                        true,
                        below < 0 ? new BasicConstraints(false) : new BasicConstraints(below))
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signing)));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void assertRefused(Made... chain) {
    assertThatThrownBy(() -> trust.verify(certificates(chain), NOW))
        .isInstanceOf(GeneralSecurityException.class);
  }

  private static List<X509Certificate> certificates(Made... chain) {
    return java.util.Arrays.stream(chain).map(Made::certificate).toList();
  }

  @Test
  void whatAnAuthorityIssuedIsTrustedUntilItsEnd() throws Exception {
    Made leaf = root.issue("leaf", -1, NOW.plus(DAY));

    assertThat(trust.verify(certificates(leaf), NOW)).isEqualTo(NOW.plus(DAY));
    assertThatThrownBy(() -> trust.verify(certificates(leaf), NOW.plus(DAY).plusSeconds(1)))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> trust.verify(certificates(leaf), NOW.minus(DAY).minusSeconds(1)))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void authoritiesBetweenMayStandInAnyOrder() throws Exception {
    Made one = root.issue("one", 1, NOW.plus(Duration.ofDays(3)));
    Made two = one.issue("two", 0, NOW.plus(Duration.ofDays(2)));
    Made leaf = two.issue("leaf", -1, NOW.plus(Duration.ofDays(9)));

    assertThat(trust.verify(certificates(leaf, two, one), NOW))
        .isEqualTo(trust.verify(certificates(leaf, one, two), NOW))
        .isEqualTo(NOW.plus(Duration.ofDays(2)));
  }

  @Test
  void anAuthorityBetweenMustBeWithinItsTime() {
    Made expired = root.issue("expired", 0, NOW.minusSeconds(1));

    assertRefused(expired.issue("leaf", -1, NOW.plus(DAY)), expired);
  }

  @Test
  void anAuthorityBetweenMustBeOne() {
    Made client = root.issue("client", -1, NOW.plus(DAY));

    assertRefused(client.issue("leaf", -1, NOW.plus(DAY)), client);
  }

  @Test
  void noMoreAuthoritiesStandBelowOneThanItAllows() {
    Made one = root.issue("one", 0, NOW.plus(DAY));
    Made two = one.issue("two", 0, NOW.plus(DAY));

    assertRefused(two.issue("leaf", -1, NOW.plus(DAY)), two, one);
  }

  @Test
  void anotherAuthorityOfTheSameNameIsAnother() {
    assertRefused(Made.root(NOW.plus(DAY)).issue("leaf", -1, NOW.plus(DAY)));
  }

  @Test
  void anExpiredAuthorityIsTrustedNoMore() {
    Made old = Made.root(NOW.minusSeconds(1));
    Trust inOld = new Trust(List.of(old.certificate));

    assertThatThrownBy(() -> inOld.verify(certificates(old.issue("leaf", -1, NOW.plus(DAY))), NOW))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void aChainThatIsTooLongIsNotLookedAt() {
    Made leaf = root.issue("leaf", -1, NOW.plus(DAY));
    List<X509Certificate> chain = java.util.Collections.nCopies(11, leaf.certificate);

    assertThatThrownBy(() -> trust.verify(chain, NOW)).hasMessageContaining("11");
    assertThatThrownBy(() -> trust.verify(List.of(), NOW))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void whatOurOwnAuthorityIssuesIsTrusted() throws Exception {
    VirtualWorld world = new VirtualWorld(1);
    Authority authority = Authority.found(world, "tiphys");
    Credential client = authority.issue(Subject.client("ann"), DAY);

    assertThat(new Trust(List.of(authority.certificate())).verify(client.chain(), world.now()))
        .isEqualTo(world.now().plus(DAY));
  }
}

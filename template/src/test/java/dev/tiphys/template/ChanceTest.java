package dev.tiphys.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.pki.Pem;
import dev.tiphys.world.VirtualWorld;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;

/// What depends on the clock and on chance.
class ChanceTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final Functions functions = Functions.sprig(world);

  private String execute(String text) {
    return Template.parse("t", text, functions).execute(null);
  }

  @Test
  void the_worlds_clock_is_told() {
    String date = execute("{{ now | unixEpoch }}");
    assertThat(date).isEqualTo(Long.toString(world.now().getEpochSecond()));
    assertThat(execute("{{ dateModify \"-90s\" now | ago }}")).isEqualTo("1m30s");
    assertThat(execute("{{ dateModify \"-50h\" now | durationRound }}")).isEqualTo("2d");
  }

  @Test
  void the_worlds_chance_draws() {
    String text = "{{ randAlphaNum 8 }} {{ randInt 1 100 }} {{ uuidv4 }} {{ shuffle \"abc\" }}";
    String drawn = execute(text);
    assertThat(drawn)
        .matches(
            "[A-Za-z0-9]{8} [0-9]{1,2} [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
                + " [abc]{3}");
    assertThat(Template.parse("t", text, Functions.sprig(new VirtualWorld(1))).execute(null))
        .isEqualTo(drawn);
    assertThat(execute(text)).isNotEqualTo(drawn);
  }

  @Test
  void passwords_are_hashed() {
    String line = execute("{{ htpasswd \"me\" \"secret\" }}");
    assertThat(line).startsWith("me:$2a$10$");
    assertThat(OpenBSDBCrypt.checkPassword(line.substring(3), "secret".toCharArray())).isTrue();
    assertThat(execute("{{ htpasswd \"me\" \"secret\" \"sha\" }}"))
        .isEqualTo("me:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=");
  }

  @Test
  void certificates_are_signed() throws Exception {
    String text =
        """
        {{- $ca := genCA "root" 365 -}}
        {{- $c := genSignedCert "web" (list "10.0.0.1" "fd00::1") (list "web.example" "b") 30 $ca -}}
        {{- $k := genPrivateKey "ecdsa" -}}
        {{- $s := genSelfSignedCertWithKey "self" nil nil 1 $k -}}
        {{ $ca.Cert }}{{ $c.Cert }}{{ $c.Key }}{{ $s.Cert }}{{ eq $s.Key $k }}""";
    String made = execute(text);
    List<X509Certificate> certificates = Pem.certificates(made);
    X509Certificate root = certificates.getFirst();
    X509Certificate web = certificates.get(1);
    web.verify(root.getPublicKey());
    certificates.get(2).verify(certificates.get(2).getPublicKey());
    assertThat(made).endsWith("true").contains("-----BEGIN RSA PRIVATE KEY-----");
    assertThat(root.getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
    assertThat(web.getBasicConstraints()).isNegative();
    assertThat(web.getSubjectAlternativeNames()).hasSize(4);
    assertThat(web.getNotAfter().toInstant())
        .isEqualTo(web.getNotBefore().toInstant().plus(Duration.ofDays(30)));
    assertThat(web.getNotBefore().toInstant())
        .isEqualTo(world.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
  }

  @Test
  void keys_of_every_kind_are_made() {
    assertThat(execute("{{ genPrivateKey \"ed25519\" }}")).startsWith("-----BEGIN PRIVATE KEY");
    assertThat(execute("{{ genPrivateKey \"dsa\" }}")).startsWith("-----BEGIN DSA PRIVATE KEY");
    assertThat(execute("{{ (genCAWithKey \"x\" 1 (genPrivateKey \"ed25519\")).Cert }}"))
        .startsWith("-----BEGIN CERTIFICATE");
  }
}

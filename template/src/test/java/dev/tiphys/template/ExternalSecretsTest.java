package dev.tiphys.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.pki.KeyType;
import dev.tiphys.pki.Pem;
import dev.tiphys.world.VirtualWorld;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The functions that External Secrets adds.
class ExternalSecretsTest {

  private static final Functions FUNCTIONS = Functions.externalSecrets(new VirtualWorld(1));
  private static final Map<String, byte[]> DATA = new HashMap<>();

  private static String execute(String text) {
    return Template.parse("t", text, FUNCTIONS)
        .missingKey(MissingKey.ERROR)
        .execute(Strings.of(DATA));
  }

  /// A root, an authority below it, and a server.
  @BeforeAll
  static void certificates() {
    String made =
        Template.parse(
                "t",
                """
                {{- $root := genCA "root" 9 -}}
                {{- $web := genSignedCert "web" (list "10.0.0.1" "fd00::1") (list "web.example") 9 $root -}}
                {{ $root.Cert }}|{{ $web.Cert }}|{{ $web.Key }}|{{ (genCA "other" 9).Cert }}""",
                FUNCTIONS)
            .execute(null);
    String[] parts = made.split("\\|");
    String[] names = {"root", "web", "key", "other"};
    for (int i = 0; i < names.length; i++) {
      DATA.put(names[i], parts[i].getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String text(String name) {
    return new String(DATA.get(name), StandardCharsets.UTF_8);
  }

  @Test
  void a_key_store_holds_what_was_put_into_it() {
    for (String with : new String[] {"", "Pass"}) {
      String password = with.isEmpty() ? "" : " \"pw\"";
      String store =
          "(fullPemToPkcs12" + with + " (print .web .root) .key" + password + " | b64dec)";
      String arguments = password + " " + store;
      assertThat(execute("{{ pkcs12cert" + with + arguments + " }}"))
          .isEqualTo(text("web") + text("root"));
      assertThat(execute("{{ pkcs12key" + with + arguments + " }}"))
          .startsWith("-----BEGIN PRIVATE KEY-----\n")
          .endsWith("-----END PRIVATE KEY-----\n");
    }
    assertThat(execute("{{ pkcs12cert (pemToPkcs12 .web .key | b64dec) }}")).isEqualTo(text("web"));
  }

  @Test
  void a_wrong_password_is_told() {
    assertThatThrownBy(
            () -> execute("{{ pkcs12keyPass \"no\" (pemToPkcs12Pass .web .key \"pw\" | b64dec) }}"))
        .hasMessageContaining(
            "error calling pkcs12keyPass: unable to decode pkcs12 with password: pkcs12:"
                + " decryption password incorrect");
  }

  @Test
  void a_trust_store_holds_certificates_only() throws Exception {
    String store = execute("{{ pemTruststoreToPKCS12Pass (print .root .other) \"pw\" }}");
    var keys = java.security.KeyStore.getInstance("PKCS12");
    keys.load(
        new java.io.ByteArrayInputStream(Base64.getDecoder().decode(store)), "pw".toCharArray());
    assertThat(keys.size()).isEqualTo(2);
    assertThat(keys.isCertificateEntry(keys.aliases().nextElement())).isTrue();
  }

  @Test
  void blocks_are_picked_by_their_label() {
    assertThat(execute("{{ print \"junk\\n\" .key .web | filterPEM \"certificate\" }}"))
        .isEqualTo(text("web"));
    assertThat(execute("{{ .web | filterPEM \"PRIVATE KEY\" }}")).isEmpty();
    assertThatThrownBy(() -> execute("{{ filterPEM \"CERTIFICATE\" \"junk\" }}"))
        .hasMessageContaining("error filtering pem: found junk");
  }

  @Test
  void certificates_are_picked_by_their_place_in_the_chain() throws Exception {
    KeyPair[] keys = {KeyType.EC.generate(), KeyType.EC.generate(), KeyType.EC.generate()};
    DATA.put("a", certificate("root", keys[0], "root", keys[0]));
    DATA.put("b", certificate("between", keys[1], "root", keys[0]));
    DATA.put("c", certificate("leaf", keys[2], "between", keys[1]));
    assertThat(execute("{{ print .a .c .b | filterCertChain \"leaf\" }}")).isEqualTo(text("c"));
    assertThat(execute("{{ print .b .a .c | filterCertChain \"root\" }}")).isEqualTo(text("a"));
    assertThat(execute("{{ print .c .b .a | filterCertChain \"intermediate\" }}"))
        .isEqualTo(text("b"));
    assertThat(execute("{{ .c | filterCertChain \"root\" }}")).isEmpty();
    assertThat(execute("{{ .c | filterCertChain \"other\" }}")).isEmpty();
    assertThatThrownBy(() -> execute("{{ print .c .b .other | filterCertChain \"leaf\" }}"))
        .hasMessageContaining("found multiple leaf or disjunct certificates");
    assertThatThrownBy(() -> execute("{{ filterCertChain \"leaf\" \"\" }}"))
        .hasMessageContaining("no leaf certificate found");
  }

  private static byte[] certificate(String name, KeyPair own, String issuer, KeyPair signer)
      throws Exception {
    var extensions = new JcaX509ExtensionUtils();
    var now = new Date();
    var builder =
        new JcaX509v3CertificateBuilder(
                new X500Name("CN=" + issuer),
                BigInteger.ONE,
                now,
                new Date(now.getTime() + 1_000_000),
                new X500Name("CN=" + name),
                own.getPublic())
            .addExtension(
                Extension.subjectKeyIdentifier,
                false,
                extensions.createSubjectKeyIdentifier(own.getPublic()))
            .addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions.createAuthorityKeyIdentifier(signer.getPublic()));
    var made =
        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()));
    return Pem.of(List.of(new JcaX509CertificateConverter().getCertificate(made)))
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void names_of_certificates_are_listed() {
    assertThat(execute("{{ certSANs .web | join \",\" }}"))
        .isEqualTo("web.example,10.0.0.1,fd00::1");
    assertThatThrownBy(() -> execute("{{ certSANs \"x\" }}"))
        .hasMessageContaining("failed to decode PEM block");
  }

  @Test
  void web_keys_become_pem() throws Exception {
    var pair = java.security.KeyPairGenerator.getInstance("EC");
    pair.initialize(256);
    var keys = pair.generateKeyPair();
    var jwk =
        new com.nimbusds.jose.jwk.ECKey.Builder(
                com.nimbusds.jose.jwk.Curve.P_256,
                (java.security.interfaces.ECPublicKey) keys.getPublic())
            .privateKey((java.security.interfaces.ECPrivateKey) keys.getPrivate())
            .build();
    DATA.put("jwk", jwk.toJSONString().getBytes(StandardCharsets.UTF_8));
    DATA.put("public", jwk.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8));
    assertThat(execute("{{ jwkPublicKeyPem .public }}")).isEqualTo(Pem.of(keys.getPublic()));
    assertThat(execute("{{ jwkPrivateKeyPem .jwk }}")).startsWith("-----BEGIN PRIVATE KEY-----");
    assertThatThrownBy(() -> execute("{{ jwkPrivateKeyPem .public }}"))
        .hasMessageContaining("x509: unknown key type while marshaling PKCS#8: *ecdsa.PublicKey");
  }

  @Test
  void yaml_goes_both_ways() {
    assertThat(execute("{{ dict \"b\" (list 1 \"x\") \"a\" (dict \"c\" true) | toYaml }}"))
        .isEqualTo("a:\n  c: true\nb:\n- 1\n- x");
    assertThat(execute("{{ (fromYaml \"a:\\n  b: [1, two]\").a.b }}")).isEqualTo("[1 two]");
    assertThat(execute("{{ hasKey (fromYaml \"a: [\") \"Error\" }}")).isEqualTo("true");
  }

  @Test
  void texts_for_a_key_are_decrypted() throws Exception {
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-256AndMGF1Padding");
    var certificate = Pem.certificates(text("web")).getFirst();
    cipher.init(
        Cipher.ENCRYPT_MODE,
        certificate.getPublicKey(),
        new javax.crypto.spec.OAEPParameterSpec(
            "SHA-256",
            "MGF1",
            java.security.spec.MGF1ParameterSpec.SHA256,
            javax.crypto.spec.PSource.PSpecified.DEFAULT));
    DATA.put("secret", cipher.doFinal("héllo".getBytes(StandardCharsets.UTF_8)));
    assertThat(execute("{{ rsaDecrypt \"RSA-OAEP\" \"SHA256\" .secret .key }}")).isEqualTo("héllo");
    assertThat(execute("{{ rsaDecrypt \"None\" \"\" \"x\" \"\" }}")).isEqualTo("x");
    assertThatThrownBy(() -> execute("{{ rsaDecrypt \"X\" \"\" \"x\" \"\" }}"))
        .hasMessageContaining("decryption scheme X is not supported");
    assertThatThrownBy(() -> execute("{{ rsaDecrypt \"RSA-OAEP\" \"SHA1\" .secret .key }}"))
        .hasMessageContaining("error decrypting data with RSA: crypto/rsa: decryption error");
  }
}

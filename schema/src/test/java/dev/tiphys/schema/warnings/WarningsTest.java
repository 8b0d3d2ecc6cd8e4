package dev.tiphys.schema.warnings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What single functions warn of; whole objects are in the `.exchanges` tables of the API server.
class WarningsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "externalIPs: [010.0.0.1]; spec.externalIPs[0]: non-standard IP address \"010.0.0.1\" is"
            + " invalid: use \"10.0.0.1\"",
        "externalIPs: ['::ffff:1.2.3.4']; spec.externalIPs[0]: non-standard IP address"
            + " \"::ffff:1.2.3.4\" is invalid: use \"1.2.3.4\"",
        "loadBalancerIP: 'FE80::1'; spec.loadBalancerIP: IPv6 address \"FE80::1\" should be in RFC"
            + " 5952 canonical format (\"fe80::1\")",
        "loadBalancerSourceRanges: [10.0.0.1/8]; spec.loadBalancerSourceRanges[0]: CIDR value"
            + " \"10.0.0.1/8\" is ambiguous in this context (should be \"10.0.0.0/8\" or"
            + " \"10.0.0.1/32\"?)",
        "loadBalancerSourceRanges: ['2001:DB8::/32']; spec.loadBalancerSourceRanges[0]: IPv6 CIDR"
            + " value \"2001:DB8::/32\" should be in RFC 5952 canonical format (\"2001:db8::/32\")",
        "loadBalancerSourceRanges: [010.0.0.0/8]; spec.loadBalancerSourceRanges[0]: non-standard CIDR"
            + " value \"010.0.0.0/8\" is invalid: use \"10.0.0.0/8\"",
      })
  void addressesHaveAUsualForm(String spec, String warning) {
    Subject service = Subject.top(Struct.of("spec", Yaml.struct(spec)));

    ServiceWarnings.service(service);

    assertThat(service.warnings()).containsExactly(warning);
  }

  @Test
  void aKeyIsThatOfItsCertificateOrNot() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    KeyPair one = generator.generateKeyPair();
    KeyPair other = generator.generateKeyPair();
    KeyPair curve = KeyPairGenerator.getInstance("EC").generateKeyPair();

    assertThat(PrivateKeys.mismatch("PRIVATE KEY", one.getPrivate().getEncoded(), one.getPublic()))
        .isNull();
    assertThat(
            PrivateKeys.mismatch("PRIVATE KEY", other.getPrivate().getEncoded(), one.getPublic()))
        .isEqualTo("private key does not match public key");
    assertThat(
            PrivateKeys.mismatch(
                "EC PRIVATE KEY", curve.getPrivate().getEncoded(), one.getPublic()))
        .isEqualTo("private key type does not match public key type");
    assertThat(PrivateKeys.mismatch("PRIVATE KEY", new byte[] {1}, one.getPublic()))
        .isEqualTo("failed to parse private key");
    assertThat(
            PrivateKeys.mismatch("PRIVATE KEY", curve.getPrivate().getEncoded(), curve.getPublic()))
        .isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "; ; tls: failed to find any PEM data in certificate input",
        "EC PRIVATE KEY; ; tls: failed to find certificate PEM data in certificate input, but did find"
            + " a private key| PEM inputs may have been switched",
        "X; ; tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM"
            + " blocks of the following types: [X]",
        "CERTIFICATE; ; tls: failed to find any PEM data in key input",
        "CERTIFICATE; CERTIFICATE; tls: found a certificate rather than a key in the PEM for the"
            + " private key",
        "CERTIFICATE; PRIVATE KEY; tls: failed to parse certificate: x509: malformed certificate",
      })
  void whatIsNoKeyPairIsTold(String certificate, String key, String warning) {
    Struct data = Struct.of("tls.crt", block(certificate), "tls.key", block(key));
    Subject secret = Subject.top(Struct.of("type", "kubernetes.io/tls", "data", data));

    SecretWarnings.secret(secret);

    assertThat(secret.warnings()).containsExactly(warning.replace('|', ';'));
  }

  private static String block(String type) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    if (type != null) {
      text.writeBytes(
          "-----BEGIN %s-----\nAAAA\n-----END %s-----\n"
              .formatted(type, type)
              .getBytes(StandardCharsets.UTF_8));
    }
    return Base64.getEncoder().encodeToString(text.toByteArray());
  }
}

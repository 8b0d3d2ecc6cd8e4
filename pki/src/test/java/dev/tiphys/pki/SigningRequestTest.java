package dev.tiphys.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;

class SigningRequestTest {

  private final KeyPair keys = KeyType.EC.generate();

  @Test
  void whatIsAskedForIsRead() {
    SigningRequest request =
        SigningRequest.parse(
            SigningRequest.of(keys, new Subject("ann", List.of("team"), List.of("a.example"))));

    assertThat(request.commonName()).isEqualTo("ann");
    assertThat(request.organizations()).containsExactly("team");
    assertThat(request.otherNames()).containsExactly(SigningRequest.NameKind.DNS);
  }

  /// A sender can sign anything with its own key.
  @Test
  void whatIsSignedAndMakesNoSenseIsRefused() throws Exception {
    PKCS10CertificationRequestBuilder builder =
        new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=ann"), keys.getPublic())
            .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, new ASN1Encodable[0]);
    byte[] encoded =
        builder
            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
            .getEncoded();
    String pem =
        "-----BEGIN CERTIFICATE REQUEST-----\n"
            + Base64.getMimeEncoder().encodeToString(encoded)
            + "\n-----END CERTIFICATE REQUEST-----\n";

    assertThatThrownBy(() -> SigningRequest.parse(pem))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("unreadable request");
  }
}

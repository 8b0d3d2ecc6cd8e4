package dev.tiphys.pki.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.pki.Pem;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenSignerTest {

  private static final byte[] CLAIMS = "{\"sub\":\"ann\"}".getBytes(UTF_8);

  @ParameterizedTest
  @CsvSource({"RSA,2048,RS256", "secp256r1,,ES256", "secp384r1,,ES384", "secp521r1,,ES512"})
  void whatIsSignedIsVerifiedByTheKeyAlone(String kind, Integer bits, String algorithm)
      throws Exception {
    KeyPair pair = pair(kind, bits == null ? 0 : bits);
    TokenSigner signer = new TokenSigner(pair);
    TokenKeys keys = TokenKeys.parse(new TokenKeys(List.of(signer.key())).document());
    KeyPair other = pair(kind, bits == null ? 0 : bits);

    SignedToken token = Objects.requireNonNull(SignedToken.parse(signer.sign(CLAIMS)));

    assertThat(token.algorithm()).isEqualTo(algorithm);
    assertThat(token.payload()).isEqualTo(CLAIMS);
    assertThat(keys.verify(token)).isTrue();
    assertThat(keys.algorithms()).containsExactly(algorithm);
    assertThat(token.isSignedBy(new TokenKey(token.keyId(), other.getPublic()))).isFalse();
    assertThat(Pem.publicKeys(Pem.of(pair.getPublic()))).containsExactly(pair.getPublic());
  }

  /// A token that says that it needs no signature, or that the public key is the secret of one.
  @Test
  void aTokenCannotChooseHowItIsVerified() throws Exception {
    KeyPair pair = pair("RSA", 2048);
    TokenKey key = TokenKey.of(pair.getPublic());
    for (String algorithm : List.of("none", "HS256")) {
      String header = encoded("{\"alg\":\"" + algorithm + "\",\"kid\":\"" + key.id() + "\"}");

      SignedToken token = SignedToken.parse(header + "." + encoded("{}") + "." + encoded("x"));

      assertThat(token == null || !token.isSignedBy(key)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"abc", "a.b", "a.b.c", "a.b.c.d", "..", "e30.e30.e30"})
  void whatIsNoTokenIsNone(String text) {
    assertThat(SignedToken.parse(text)).isNull();
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  private static KeyPair pair(String kind, int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.equals("RSA") ? "RSA" : "EC");
    if (kind.equals("RSA")) {
      generator.initialize(bits);
    } else {
      generator.initialize(new ECGenParameterSpec(kind));
    }
    return generator.generateKeyPair();
  }
}

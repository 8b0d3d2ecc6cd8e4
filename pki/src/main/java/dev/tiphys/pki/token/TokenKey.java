package dev.tiphys.pki.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;

/// A public key that tokens are verified with.
///
/// @param id what tokens call it in their `kid`; may be empty
/// @param key a key of RSA, or of EC on P-256, P-384 or P-521
public record TokenKey(String id, PublicKey key) {

  /// A key under the name that upstream derives from it: the SHA-256 of its DER form, in base64url.
  ///
  /// @throws IllegalArgumentException if tokens can't be signed with keys of this kind
  public static TokenKey of(PublicKey key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      TokenKey named =
          new TokenKey(Base64.getUrlEncoder().withoutPadding().encodeToString(digest), key);
      named.jwk(); // so that a key which is of no use is found at the start
      return named;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The algorithm that the API server signs with when it has the key's private half.
  ///
  /// @throws IllegalArgumentException if there is none
  public String algorithm() {
    return jwsAlgorithm().getName();
  }

  JWSAlgorithm jwsAlgorithm() {
    if (key instanceof RSAPublicKey) {
      return JWSAlgorithm.RS256;
    }
    if (key instanceof ECPublicKey ec) {
      return switch (ec.getParams().getCurve().getField().getFieldSize()) {
        case 256 -> JWSAlgorithm.ES256;
        case 384 -> JWSAlgorithm.ES384;
        case 521 -> JWSAlgorithm.ES512;
        default -> throw unfit();
      };
    }
    throw unfit();
  }

  private IllegalArgumentException unfit() {
    return new IllegalArgumentException(
        "unknown public key type " + key.getAlgorithm() + ", must be RSA or EC");
  }

  JWSVerifier verifier() throws JOSEException {
    if (key instanceof RSAPublicKey rsa) {
      return new RSASSAVerifier(rsa);
    }
    if (key instanceof ECPublicKey ec) {
      return new ECDSAVerifier(ec);
    }
    throw unfit();
  }

  JWK jwk() {
    JWSAlgorithm algorithm = jwsAlgorithm();
    return key instanceof RSAPublicKey rsa
        ? new RSAKey.Builder(rsa).keyID(id).algorithm(algorithm).keyUse(KeyUse.SIGNATURE).build()
        : new ECKey.Builder(
                Curve.forECParameterSpec(((ECPublicKey) key).getParams()), (ECPublicKey) key)
            .keyID(id)
            .algorithm(algorithm)
            .keyUse(KeyUse.SIGNATURE)
            .build();
  }
}

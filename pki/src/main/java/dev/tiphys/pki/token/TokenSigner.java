package dev.tiphys.pki.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;

/// Signs tokens.
///
/// Threads: any.
public final class TokenSigner {

  private final TokenKey key;
  private final JWSSigner signer;

  /// @param own the private key
  /// @param shown its public half, which verifies the tokens
  /// @throws IllegalArgumentException if tokens can't be signed with keys of this kind
  public TokenSigner(PrivateKey own, PublicKey shown) {
    this.key = TokenKey.of(shown);
    try {
      this.signer = own instanceof ECPrivateKey ec ? new ECDSASigner(ec) : new RSASSASigner(own);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("the key can't sign tokens: " + e.getMessage(), e);
    }
  }

  /// @throws IllegalArgumentException if tokens can't be signed with keys of this kind
  public TokenSigner(KeyPair keys) {
    this(keys.getPrivate(), keys.getPublic());
  }

  /// What the tokens are verified with.
  public TokenKey key() {
    return key;
  }

  /// A token in compact form. Takes about a millisecond with a key of RSA.
  ///
  /// @param payload what it says
  public String sign(byte[] payload) {
    JWSObject token =
        new JWSObject(
            new JWSHeader.Builder(key.jwsAlgorithm()).keyID(key.id()).build(),
            new Payload(payload));
    try {
      token.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("the token could not be signed", e);
    }
    return token.serialize();
  }
}

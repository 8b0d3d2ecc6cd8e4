package dev.tiphys.pki.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The keys that the tokens of an issuer may be signed with: a JWK set (RFC 7517).
///
/// Threads: any; immutable.
public record TokenKeys(List<TokenKey> all) {

  public static final TokenKeys NONE = new TokenKeys(List.of());

  public TokenKeys {
    all = List.copyOf(all);
  }

  /// The keys in a document; those of other uses and kinds are left out.
  ///
  /// @throws IllegalArgumentException if it is none
  public static TokenKeys parse(String document) {
    List<TokenKey> keys = new ArrayList<>();
    try {
      for (JWK jwk : JWKSet.parse(document).getKeys()) {
        String use = jwk.getKeyUse() == null ? "sig" : jwk.getKeyUse().getValue();
        if (use.equals("sig") && jwk instanceof AsymmetricJWK pair && pair.toPublicKey() != null) {
          keys.add(new TokenKey(jwk.getKeyID() == null ? "" : jwk.getKeyID(), pair.toPublicKey()));
        }
      }
    } catch (ParseException | JOSEException | RuntimeException e) { // odd ones of all sorts
      throw new IllegalArgumentException("unreadable key set: " + e.getMessage(), e);
    }
    return new TokenKeys(keys);
  }

  /// The document.
  public String document() {
    return new JWKSet(all.stream().map(TokenKey::jwk).toList()).toString();
  }

  /// The keys that may have signed a token: those of the name that it gives, or all if it gives
  /// none.
  public List<TokenKey> of(SignedToken token) {
    return token.keyId().isEmpty()
        ? all
        : all.stream().filter(key -> key.id().equals(token.keyId())).toList();
  }

  /// Whether one of the keys signed a token.
  public boolean verify(SignedToken token) {
    return of(token).stream().anyMatch(token::isSignedBy);
  }

  /// The algorithms that the keys sign with, each once.
  public Stream<String> algorithms() {
    return all.stream().map(TokenKey::algorithm).distinct();
  }
}

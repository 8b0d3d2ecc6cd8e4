package dev.tiphys.pki.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import java.text.ParseException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A token in the compact form of RFC 7515, taken apart. What it says is to be believed only once
/// its signature was verified.
///
/// Threads: any.
public final class SignedToken {

  /// Only signatures whose maker can't be anybody who verifies them; never `none`.
  private static final Set<JWSAlgorithm> ASYMMETRIC =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final JWSObject content;

  private SignedToken(JWSObject content) {
    this.content = content;
  }

  /// A token taken apart; null if it has not this form.
  public static @Nullable SignedToken parse(String token) {
    try {
      return new SignedToken(JWSObject.parse(token));
    } catch (ParseException | RuntimeException e) {
      return null; // the library answers odd headers, such as null, with exceptions of all sorts
    }
  }

  /// The name of the key that signed it; empty if it gives none.
  public String keyId() {
    String id = content.getHeader().getKeyID();
    return id == null ? "" : id;
  }

  /// The name of the algorithm by which it says that it was signed (RFC 7518).
  public String algorithm() {
    return content.getHeader().getAlgorithm().getName();
  }

  /// What it says: JSON, as far as it is a token of RFC 7519.
  public byte[] payload() {
    return content.getPayload().toBytes();
  }

  /// Whether the key's private half signed it.
  public boolean isSignedBy(TokenKey key) {
    try {
      return ASYMMETRIC.contains(content.getHeader().getAlgorithm())
          && content.verify(key.verifier());
    } catch (JOSEException e) {
      return false; // of another kind than the key
    }
  }
}

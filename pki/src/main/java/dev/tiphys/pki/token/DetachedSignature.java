package dev.tiphys.pki.token;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The signature of a text that is told elsewhere, under a secret that signer and reader share (RFC
/// 7515, appendix F, with HMAC SHA-256). Equal secrets make equal signatures, so a reader verifies
/// one by making its own.
///
/// By hand: the library takes no secrets as short as those of tokens to join with are.
public final class DetachedSignature {

  private static final String ALGORITHM = "HmacSHA256";

  private DetachedSignature() {}

  /// @param id tells readers which secret it is; letters and digits
  public static String of(String content, String id, String secret) {
    String header = encoded(("{\"alg\":\"HS256\",\"kid\":\"" + id + "\"}").getBytes(UTF_8));
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
      mac.update((header + "." + encoded(content.getBytes(UTF_8))).getBytes(US_ASCII));
      return header + ".." + encoded(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}

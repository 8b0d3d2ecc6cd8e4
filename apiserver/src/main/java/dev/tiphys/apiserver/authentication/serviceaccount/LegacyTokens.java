package dev.tiphys.apiserver.authentication.serviceaccount;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.authentication.TokenAuthenticator;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.pki.token.SignedToken;
import dev.tiphys.pki.token.TokenKeys;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// The tokens in Secrets of the type `kubernetes.io/service-account-token`: good while the Secret
/// and its account exist, for this server alone.
///
/// Threads: any.
public final class LegacyTokens implements TokenAuthenticator {

  /// Who issues them.
  public static final String ISSUER = "kubernetes/serviceaccount";

  private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";
  private static final String OWN = "kubernetes.io/serviceaccount/";
  private static final Verdict INVALIDATED = new Verdict.Refused("Token has been invalidated");

  private final TokenKeys keys;
  private final Lookup lookup;
  private final TokenUse use;

  /// @param use is told which tokens are used
  public LegacyTokens(TokenKeys keys, Lookup lookup, TokenUse use) {
    this.keys = keys;
    this.lookup = lookup;
    this.use = use;
  }

  @Override
  public Verdict examine(String token, List<String> audiences) {
    SignedToken signed = SignedToken.parse(token);
    Struct claims = signed == null ? Struct.EMPTY : claims(signed);
    if (signed == null || !claims.string("iss").equals(ISSUER)) {
      return Verdict.UNKNOWN;
    }
    if (!keys.verify(signed)) {
      return new Verdict.Refused("invalid signature");
    }
    String namespace = claims.string(OWN + "namespace");
    String name = claims.string(OWN + "service-account.name");
    String uid = claims.string(OWN + "service-account.uid");
    if (!claims.string("sub").equals(UserInfo.serviceAccountName(namespace, name))) {
      return new Verdict.Refused("sub claim is invalid");
    }
    Struct secret = lookup.find("", "secrets", namespace, claims.string(OWN + "secret.name"));
    if (secret == null || !isLive(secret)) {
      return INVALIDATED;
    }
    if (!isSame(secret.string("data", "token"), token)) {
      return new Verdict.Refused("Token does not match server's copy");
    }
    Struct account = lookup.find("", "serviceaccounts", namespace, name);
    if (account == null || !isLive(account)) {
      return new Verdict.Refused("ServiceAccount " + namespace + "/" + name + " has been deleted");
    }
    if (!account.string("metadata", "uid").equals(uid)) {
      return new Verdict.Refused(
          "ServiceAccount UID ("
              + account.string("metadata", "uid")
              + ") does not match claim ("
              + uid
              + ")");
    }
    use.note(secret);
    if (!Meta.of(secret).label(INVALID_SINCE).isEmpty()) {
      return invalid(secret, namespace, name);
    }
    return new Verdict.Of(
        new UserInfo(
            UserInfo.serviceAccountName(namespace, name),
            uid,
            List.of(UserInfo.SERVICE_ACCOUNTS, UserInfo.SERVICE_ACCOUNTS + ":" + namespace),
            Map.of()),
        audiences);
  }

  private static Verdict invalid(Struct secret, String namespace, String account) {
    return new Verdict.Refused(
        ("the token in secret %s/%s for service account %s/%s has been marked invalid. Use tokens from"
                + " the TokenRequest API or manually created secret-based tokens, or remove the '%s'"
                + " label from the secret to temporarily allow use of this token")
            .formatted(namespace, Meta.of(secret).name(), namespace, account, INVALID_SINCE));
  }

  private static Struct claims(SignedToken token) {
    try {
      return Json.parse(token.payload()) instanceof Struct tree ? tree : Struct.EMPTY;
    } catch (EncodingException e) {
      return Struct.EMPTY;
    }
  }

  private static boolean isLive(Struct object) {
    return !object.has("metadata", "deletionTimestamp");
  }

  /// Whether a Secret's value, in base64, is this token.
  private static boolean isSame(String value, String token) {
    byte[] encoded = Base64.getEncoder().encode(token.getBytes(UTF_8));
    return MessageDigest.isEqual(encoded, value.getBytes(UTF_8));
  }
}

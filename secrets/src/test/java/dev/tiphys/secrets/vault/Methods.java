package dev.tiphys.secrets.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.vault.ServerToken.Grant;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/// The ways to log in.
final class Methods {

  private Methods() {}

  /// A role's name and its secret.
  record AppRole(String role, String secret, Grant grant) implements Method {
    @Override
    public Grant login(VaultRequest request, String rest) throws Refused {
      boolean good =
          rest.isEmpty()
              && role.equals(Method.wanted(request.body(), "role_id"))
              && secret.equals(Method.wanted(request.body(), "secret_id"));
      if (!good) {
        throw new Refused(400, "invalid role or secret ID");
      }
      return grant;
    }
  }

  /// Names and passwords, as those of `userpass` and, seen from here, of LDAP.
  record Passwords(Map<String, String> users, String refusal, Grant grant) implements Method {
    @Override
    public Grant login(VaultRequest request, String rest) throws Refused {
      String password = users.get(rest);
      if (password == null || !password.equals(Method.wanted(request.body(), "password"))) {
        throw new Refused(400, refusal);
      }
      return grant;
    }
  }

  /// Asks the cluster whose token it is.
  interface Reviewer {
    /// The account, as `system:serviceaccount:NAMESPACE:NAME`; empty if the token is none.
    Optional<String> review(String token);
  }

  /// Tokens of ServiceAccounts, which the cluster is asked about.
  record Accounts(String role, String account, Reviewer reviewer, Grant grant) implements Method {
    @Override
    public Grant login(VaultRequest request, String rest) throws Refused {
      if (!role.equals(Method.wanted(request.body(), "role"))) {
        throw new Refused(400, "invalid role name \"" + request.body().string("role") + "\"");
      }
      Optional<String> found = reviewer.review(Method.wanted(request.body(), "jwt"));
      if (found.isEmpty()) {
        throw new Refused(403, "permission denied");
      }
      if (!found.get().equals(account)) {
        throw new Refused(403, "service account name not authorized");
      }
      return grant;
    }
  }

  /// Tokens that another issuer has signed, whose key is known.
  record SignedTokens(String role, PublicKey key, String audience, InstantSource clock, Grant grant)
      implements Method {
    @Override
    public Grant login(VaultRequest request, String rest) throws Refused {
      if (!role.equals(Method.wanted(request.body(), "role"))) {
        throw new Refused(400, "role \"" + request.body().string("role") + "\" could not be found");
      }
      String[] parts = Method.wanted(request.body(), "jwt").split("\\.", -1);
      if (parts.length != 3 || !isSigned(parts)) {
        throw new Refused(400, "error validating token: error verifying token signature");
      }
      Struct claims = claims(parts[1]);
      boolean meant =
          claims.string("aud").equals(audience) || claims.strings("aud").contains(audience);
      if (!meant) {
        throw new Refused(400, "error validating token: invalid audience (aud) claim");
      }
      if (claims.integer("exp") <= clock.instant().getEpochSecond()) {
        throw new Refused(400, "error validating token: token is expired");
      }
      return grant;
    }

    private boolean isSigned(String[] parts) {
      try {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(key);
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        return false;
      }
    }

    private static Struct claims(String part) throws Refused {
      try {
        return Json.struct(Base64.getUrlDecoder().decode(part));
      } catch (EncodingException | IllegalArgumentException e) {
        throw new Refused(400, "error validating token: malformed");
      }
    }
  }

  /// Certificates of clients that an authority has signed.
  record Certificates(String role, PublicKey authority, Grant grant) implements Method {
    @Override
    public Grant login(VaultRequest request, String rest) throws Refused {
      String named = request.body().string("name");
      boolean known = named.isEmpty() || named.equals(role);
      if (request.certificates().isEmpty()) {
        throw new Refused(400, "client certificate must be supplied");
      }
      if (!known || !isSigned(request.certificates().getFirst())) {
        throw new Refused(400, "failed to match all constraints for this login certificate");
      }
      return grant;
    }

    private boolean isSigned(X509Certificate shown) {
      try {
        shown.verify(authority);
        return true;
      } catch (GeneralSecurityException e) {
        return false;
      }
    }
  }
}

package dev.tiphys.secrets.provider.aws.credentials;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.client.Calls;
import dev.tiphys.secrets.provider.aws.client.CredentialSupply;
import dev.tiphys.secrets.provider.aws.client.TokenService;
import java.util.List;
import java.util.Map;

/// The credentials that the settings of a store or of a generator lead to: `auth`, and then the
/// roles that these assume, one after the other.
public final class StoreCredentials {

  private static final String ROLE = "eks.amazonaws.com/role-arn";
  private static final String AUDIENCE = "eks.amazonaws.com/audience";
  private static final String USUAL_AUDIENCE = "sts.amazonaws.com";

  private final Calls calls;
  private final Roles roles;
  private final References references;

  /// @param references what the settings refer to
  public StoreCredentials(Calls calls, References references) {
    this.calls = calls;
    this.roles = new Roles(new TokenService(calls));
    this.references = references;
  }

  /// Looks up what the settings name; roles are assumed when credentials are first needed.
  ///
  /// @param tags of the session of `role`
  /// @throws StoreException if what they name is not there
  public CredentialSupply of(Struct settings, List<Map.Entry<String, String>> tags) {
    CredentialSupply supply = kept(base(settings.struct("auth")));
    for (String role : settings.strings("additionalRoles")) {
      supply = kept(roles.assumed(role, Roles.Session.PLAIN, supply));
    }
    String role = settings.string("role");
    if (role.isEmpty()) {
      return supply;
    }
    Roles.Session session =
        new Roles.Session(
            settings.string("externalID"), tags, settings.strings("transitiveTagKeys"));
    return kept(roles.assumed(role, session, supply));
  }

  private KeptCredentials kept(Source source) {
    return new KeptCredentials(calls.world(), calls.clock(), source);
  }

  private Source base(Struct auth) {
    if (auth.has("jwt")) {
      return ofServiceAccount(auth.struct("jwt", "serviceAccountRef"));
    }
    if (auth.has("secretRef")) {
      Struct reference = auth.struct("secretRef");
      String secretKey = secret(reference, "secretAccessKeySecretRef", "SecretAccessKey");
      String accessKey = secret(reference, "accessKeyIDSecretRef", "accessKeyID");
      String token =
          reference.has("sessionTokenSecretRef")
              ? secret(reference, "sessionTokenSecretRef", "SessionToken")
              : "";
      Keys keys = Keys.lasting(accessKey, secretKey, token);
      return () -> keys;
    }
    return new DefaultChain(calls, roles);
  }

  private String secret(Struct reference, String field, String name) {
    try {
      return references.secret(reference.struct(field));
    } catch (StoreException e) {
      throw new StoreException("could not fetch " + name + " secret: " + e.message());
    }
  }

  private Source ofServiceAccount(Struct reference) {
    Meta account = Meta.of(references.serviceAccount(reference));
    String role = account.annotation(ROLE);
    if (role.isEmpty()) {
      throw new StoreException(
          "an IAM role must be associated with service account %s (namespace: %s)"
              .formatted(account.name(), account.namespace()));
    }
    String named = account.annotation(AUDIENCE);
    List<String> audiences = List.of(named.isEmpty() ? USUAL_AUDIENCE : named);
    return roles.ofToken(role, "", () -> references.token(reference, audiences));
  }
}

package dev.tiphys.secrets.provider.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.StoreException;
import java.util.List;

/// How a store's settings say to log in: `auth`. The first way that is there is taken.
record Logins(Struct auth, References references) implements Login.Source {

  private static final String ACCOUNT_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token";
  private static final long TOKEN_SECONDS = 600;

  /// The ways that are known, in the order they are looked for.
  static final List<String> WAYS =
      List.of("tokenSecretRef", "appRole", "kubernetes", "ldap", "userPass", "jwt", "cert");

  private static final String LOGGING_IN =
      "unable to log in to auth method: unable to log in with ";

  @Override
  public Login find() throws InterruptedException {
    if (auth.isEmpty()) {
      return new Login.None();
    }
    String way = way();
    Struct settings = auth.struct(way);
    return switch (way) {
      case "tokenSecretRef" -> new Login.Given(references.secret(settings));
      case "appRole" -> appRole(settings);
      case "kubernetes" -> kubernetes(settings);
      case "ldap" -> password(settings, "ldap", "LDAP");
      case "userPass" -> password(settings, "userpass", "userpass");
      case "jwt" -> jwt(settings);
      case "cert" -> certificate(settings);
      default ->
          throw new StoreException(
              "cannot initialize Vault client: no valid auth method specified");
    };
  }

  /// Which way is taken; empty if none is known.
  String way() {
    return WAYS.stream().filter(auth::has).findFirst().orElse("");
  }

  private Login appRole(Struct settings) {
    String role = settings.string("roleId").strip();
    if (role.isEmpty()) {
      if (!settings.has("roleRef")) {
        throw new StoreException(
            "invalid Auth.AppRole: neither `roleId` nor `roleRef` was supplied");
      }
      role = references.secret(settings.struct("roleRef"));
    }
    String secret = references.secret(settings.struct("secretRef"));
    return Login.at(
        path(settings, "path", "approle") + "/login",
        Struct.of("role_id", role, "secret_id", secret),
        Hidden.of(role, secret),
        LOGGING_IN + "app role auth");
  }

  private Login kubernetes(Struct settings) throws InterruptedException {
    String role = settings.string("role");
    String token = accountToken(settings);
    if (role.isEmpty()) {
      throw new StoreException("no role name was provided");
    }
    return Login.at(
        path(settings, "mountPath", "kubernetes") + "/login",
        Struct.of("role", role, "jwt", token),
        Hidden.of(token),
        LOGGING_IN + "Kubernetes auth");
  }

  private String accountToken(Struct settings) {
    if (settings.has("serviceAccountRef")) {
      Struct account = settings.struct("serviceAccountRef");
      try {
        return references.token(account, List.of());
      } catch (StoreException e) {
        return oldToken(account, e);
      }
    }
    if (settings.has("secretRef")) {
      return references.secret(settings.struct("secretRef"), "token");
    }
    throw new StoreException(
        "cannot read Kubernetes service account token from file system: stat "
            + ACCOUNT_FILE
            + ": no such file or directory");
  }

  /// The token that a Secret of the account has, as clusters made them before tokens were asked
  /// for.
  private String oldToken(Struct account, StoreException why) {
    Struct found = references.serviceAccount(account);
    for (Struct secret : found.structs("secrets")) {
      try {
        Struct reference =
            new StructBuilder()
                .add("name", secret.string("name"))
                .add("namespace", references.namespaceOf(account))
                .add("key", "token")
                .build();
        return references.secret(reference);
      } catch (StoreException e) {
        // another one may have it
      }
    }
    throw why;
  }

  private Login password(Struct settings, String usual, String name) {
    String user = settings.string("username").strip();
    if (user.isEmpty()) {
      throw new StoreException("no user name provided for login");
    }
    String password = references.secret(settings.struct("secretRef"));
    return Login.at(
        path(settings, "path", usual) + "/login/" + user,
        Struct.of("password", password),
        Hidden.of(password),
        LOGGING_IN + name + " auth");
  }

  private Login jwt(Struct settings) {
    String token;
    if (settings.has("secretRef")) {
      token = references.secret(settings.struct("secretRef"));
    } else if (settings.has("kubernetesServiceAccountToken")) {
      Struct given = settings.struct("kubernetesServiceAccountToken");
      long seconds = given.integer("expirationSeconds");
      token =
          references.token(
              given.struct("serviceAccountRef"),
              given.has("audiences") ? given.strings("audiences") : List.of("vault"),
              seconds == 0 ? TOKEN_SECONDS : seconds);
    } else {
      throw new StoreException(
          "neither `secretRef` nor `kubernetesServiceAccountToken` was supplied as token source for"
              + " jwt authentication");
    }
    return Login.at(
        path(settings, "path", "jwt") + "/login",
        Struct.of("role", settings.string("role").strip(), "jwt", token),
        Hidden.of(token),
        "");
  }

  private static Login certificate(Struct settings) {
    Struct body = new StructBuilder().addUnlessEmpty("name", settings.string("vaultRole")).build();
    return Login.at(
        path(settings, "path", "cert") + "/login",
        body,
        Hidden.NOTHING,
        "error from Vault request");
  }

  private static String path(Struct settings, String field, String usual) {
    String given = settings.string(field);
    return given.isEmpty() ? usual : given;
  }
}

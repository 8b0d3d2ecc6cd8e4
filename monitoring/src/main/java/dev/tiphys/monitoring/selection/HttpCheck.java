package dev.tiphys.monitoring.selection;

import dev.tiphys.monitoring.model.PodFiles;
import dev.tiphys.object.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether what a client is to be set up with fits together, and is there.
///
/// Prometheus runs on the machine, with rights of its own there: settings that name files of it are
/// refused, as by a Prometheus object that denies them, but for the two files that Pods have of
/// their service account.
///
/// @param namespace of the object that has the settings
record HttpCheck(Sources sources, String namespace) {

  /// In this order two of them are told to exclude each other.
  private static final List<String> METHODS =
      List.of("authorization", "basicAuth", "bearerTokenSecret", "oauth2");

  /// Checks all that settings of a client can have.
  void check(Struct settings) throws RejectedException {
    files(settings);
    methods(settings);
    proxy(settings);
    if (!settings.string("bearerTokenSecret", "name").isEmpty()) {
      in(
          "bearerTokenSecret",
          () -> sources.secret(namespace, settings.struct("bearerTokenSecret")));
    }
    in("basicAuth", () -> basicAuth(settings.struct("basicAuth")));
    in("tlsConfig", () -> tls(settings.struct("tlsConfig")));
    in("oauth2", () -> oauth2(settings));
    in("authorization", () -> authorization(settings));
    for (Struct each : connectHeaders(settings)) {
      byte[] _ = sources.secret(namespace, each);
    }
  }

  private static void files(Struct settings) throws RejectedException {
    String token = settings.string("bearerTokenFile");
    if (!token.isEmpty() && !token.equals(PodFiles.TOKEN)) {
      throw new RejectedException(
          "it accesses file system via bearer token file which Prometheus specification prohibits");
    }
    Struct tls = settings.struct("tlsConfig");
    String authority = tls.string("caFile");
    if (!authority.isEmpty() && !authority.equals(PodFiles.AUTHORITY)
        || !tls.string("certFile").isEmpty()
        || !tls.string("keyFile").isEmpty()) {
      throw new RejectedException(
          "it accesses file system via tls config which Prometheus specification prohibits");
    }
  }

  private static void methods(Struct settings) throws RejectedException {
    for (int i = 0; i < METHODS.size(); i++) {
      for (int j = i + 1; j < METHODS.size(); j++) {
        if (settings.has(METHODS.get(i)) && settings.has(METHODS.get(j))) {
          throw new RejectedException(
              "%s and %s cannot be configured at the same time"
                  .formatted(METHODS.get(i), METHODS.get(j)));
        }
      }
    }
  }

  private static void proxy(Struct settings) throws RejectedException {
    boolean environment = settings.bool("proxyFromEnvironment");
    boolean url = !settings.string("proxyUrl").isEmpty();
    boolean none = !settings.string("noProxy").isEmpty();
    require(
        settings.struct("proxyConnectHeader").isEmpty() || environment || url,
        "if proxyConnectHeader is configured, proxyUrl or proxyFromEnvironment must also be"
            + " configured");
    require(
        !environment || !url,
        "if proxyFromEnvironment is configured, proxyUrl must not be configured");
    require(
        !environment || !none,
        "if proxyFromEnvironment is configured, noProxy must not be configured");
    require(url || !none, "if noProxy is configured, proxyUrl must also be configured");
  }

  private static List<Struct> connectHeaders(Struct settings) {
    Struct headers = settings.struct("proxyConnectHeader");
    return headers.names().stream().flatMap(name -> headers.structs(name).stream()).toList();
  }

  private byte @Nullable [] basicAuth(Struct settings) throws RejectedException {
    if (!settings.isEmpty()) {
      in(
          "failed to get basic auth username",
          () -> sources.secret(namespace, settings.struct("username")));
      in(
          "failed to get basic auth password",
          () -> sources.secret(namespace, settings.struct("password")));
    }
    return null;
  }

  private byte @Nullable [] tls(Struct settings) throws RejectedException {
    for (String each : List.of("ca", "cert")) {
      require(
          settings.struct(each).isEmpty() || settings.string(each + "File").isEmpty(),
          "failed to validate TLS configuration: cannot specify both '%sFile' and '%s'"
              .formatted(each, each));
      in(
          "failed to get %s \"%s\"".formatted(each, said(settings.struct(each))),
          () -> sources.either(namespace, settings.struct(each)));
    }
    if (settings.has("keySecret")) {
      Struct key = settings.struct("keySecret");
      in(
          "failed to get key %s/%s".formatted(key.string("name"), key.string("key")),
          () -> sources.secret(namespace, key));
    }
    return null;
  }

  private static String said(Struct either) {
    String kind = either.has("secret") ? "secret" : "configMap";
    return "<%s=%s,key=%s>"
        .formatted(
            kind.equals("secret") ? "secret" : "configmap",
            either.string(kind, "name"),
            either.string(kind, "key"));
  }

  private byte @Nullable [] oauth2(Struct all) throws RejectedException {
    if (!all.has("oauth2")) {
      return null;
    }
    Struct settings = all.struct("oauth2");
    require(!settings.string("tokenUrl").isEmpty(), "OAuth2 tokenURL must be specified");
    require(!settings.struct("clientId").isEmpty(), "OAuth2 'clientID' must be specified");
    in(
        "failed to get oauth2 client id",
        () -> sources.either(namespace, settings.struct("clientId")));
    in(
        "failed to get oauth2 client secret",
        () -> sources.secret(namespace, settings.struct("clientSecret")));
    in("failed to get oauth2 tlsConfig", () -> tls(settings.struct("tlsConfig")));
    return null;
  }

  private byte @Nullable [] authorization(Struct all) throws RejectedException {
    Struct settings = all.struct("authorization");
    if (!settings.has("credentials")) {
      return null;
    }
    String type = settings.string("type");
    require(
        !type.strip().equalsIgnoreCase("basic"),
        "'authorization' type cannot be set to \"basic\", use \"basicAuth\" instead");
    if (!settings.string("credentials", "name").isEmpty()) {
      in(
          "failed to get authorization token of type \"" + type + "\"",
          () -> sources.secret(namespace, settings.struct("credentials")));
    }
    return null;
  }

  /// What is looked at.
  private interface Look {
    byte @Nullable [] run() throws RejectedException;
  }

  private static void in(String place, Look look) throws RejectedException {
    try {
      byte[] _ = look.run();
    } catch (RejectedException e) {
      throw e.in(place);
    }
  }

  private static void require(boolean condition, String message) throws RejectedException {
    if (!condition) {
      throw new RejectedException(message);
    }
  }
}

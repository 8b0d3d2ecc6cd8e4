package dev.tiphys.monitoring.config;

import dev.tiphys.monitoring.model.PodFiles;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.monitoring.selection.Sources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How Prometheus speaks to what it asks: credentials, which are in files, TLS, proxies.
///
/// @param sources where credentials are taken from
/// @param assets where they are put
/// @param namespace of the object that has the settings
record HttpSettings(
    Version version, ClusterAccess access, Sources sources, Assets assets, String namespace) {

  private static final Map<String, String> TLS_VERSIONS =
      Map.of("minVersion", "min_version", "maxVersion", "max_version");

  /// Adds what an object says, which has been checked.
  ///
  /// @param ofClass the scrape class, whose settings count where the object has none
  void addTo(StructBuilder out, Struct settings, Struct ofClass) throws RejectedException {
    if (settings.has("followRedirects")) {
      out.add("follow_redirects", settings.bool("followRedirects"));
    }
    for (String each : List.of("enableHttp2", "enableHTTP2")) {
      if (settings.has(each) && version.isAtLeast(2, 35)) {
        out.add("enable_http2", settings.bool(each));
      }
    }
    proxy(out, settings);
    if (settings.has("oauth2")) {
      out.add("oauth2", oauth2(settings.struct("oauth2")));
    }
    if (settings.has("tlsConfig") || ofClass.has("tlsConfig")) {
      out.add("tls_config", tls(settings.struct("tlsConfig"), ofClass.struct("tlsConfig")));
    }
    credentials(out, settings, ofClass);
  }

  private void credentials(StructBuilder out, Struct settings, Struct ofClass)
      throws RejectedException {
    Struct basic = settings.struct("basicAuth");
    if (!basic.isEmpty()) {
      out.add(
          "basic_auth",
          Struct.of(
              "username",
              text(sources.secret(namespace, basic.struct("username"))),
              "password_file",
              file(basic.struct("password"))));
    }
    if (settings.string("bearerTokenFile").equals(PodFiles.TOKEN)) {
      out.add("authorization", access.authorization());
    } else if (!settings.string("bearerTokenSecret", "name").isEmpty()) {
      out.add(
          "authorization",
          Struct.of("credentials_file", file(settings.struct("bearerTokenSecret"))));
    }
    Struct authorization =
        settings.struct("authorization").isEmpty()
            ? ofClass.struct("authorization")
            : settings.struct("authorization");
    if (!authorization.isEmpty()) {
      out.add("authorization", authorization(authorization, ofClass.struct("authorization")));
    }
  }

  private Struct authorization(Struct own, Struct ofClass) throws RejectedException {
    String type = own.string("type").strip();
    StructBuilder out = new StructBuilder().add("type", type.isEmpty() ? "Bearer" : type);
    Struct reference =
        own.has("credentials") ? own.struct("credentials") : ofClass.struct("credentials");
    if (!reference.string("name").isEmpty()) {
      out.add("credentials_file", file(reference));
    } else if (own.string("credentialsFile").equals(PodFiles.TOKEN)) {
      out.addAll(access.authorization());
    }
    return out.build();
  }

  private Struct tls(Struct own, Struct ofClass) throws RejectedException {
    StructBuilder out = new StructBuilder();
    Struct either = own.isEmpty() ? ofClass : own;
    if (either.has("insecureSkipVerify")) {
      out.add("insecure_skip_verify", either.bool("insecureSkipVerify"));
    }
    for (String each : List.of("ca", "cert")) {
      byte[] content = sources.either(namespace, either.struct(each));
      if (content != null) {
        out.add(each + "_file", assets.secret(content));
      }
    }
    boolean authority = either.has("ca");
    if (!authority
        && List.of(own.string("caFile"), ofClass.string("caFile")).contains(PodFiles.AUTHORITY)) {
      out.addAll(access.tls());
    }
    if (either.has("keySecret")) {
      out.add("key_file", file(either.struct("keySecret")));
    }
    out.addUnlessEmpty("server_name", either.string("serverName"));
    TLS_VERSIONS.forEach(
        (field, setting) -> {
          if (version.isAtLeast(2, setting.equals("min_version") ? 35 : 41)) {
            out.addUnlessEmpty(setting, either.string(field));
          }
        });
    return out.build();
  }

  private Struct oauth2(Struct settings) throws RejectedException {
    byte[] id = sources.either(namespace, settings.struct("clientId"));
    StructBuilder out =
        new StructBuilder()
            .add("client_id", id == null ? "" : text(id))
            .add("client_secret_file", file(settings.struct("clientSecret")))
            .add("token_url", settings.string("tokenUrl"))
            .addUnlessEmpty("scopes", settings.list("scopes"))
            .addUnlessEmpty("endpoint_params", settings.struct("endpointParams"));
    if (version.isAtLeast(2, 43)) {
      proxy(out, settings);
      if (settings.has("tlsConfig")) {
        out.add("tls_config", tls(settings.struct("tlsConfig"), Struct.EMPTY));
      }
    }
    return out.build();
  }

  private void proxy(StructBuilder out, Struct settings) throws RejectedException {
    out.addUnlessEmpty("proxy_url", settings.string("proxyUrl"));
    if (!version.isAtLeast(2, 43)) {
      return;
    }
    out.addUnlessEmpty("no_proxy", settings.string("noProxy"));
    if (settings.has("proxyFromEnvironment")) {
      out.add("proxy_from_environment", settings.bool("proxyFromEnvironment"));
    }
    Struct headers = settings.struct("proxyConnectHeader");
    StructBuilder values = new StructBuilder();
    for (String name : headers.names()) {
      List<String> texts = new ArrayList<>();
      for (Struct each : headers.structs(name)) {
        texts.add(text(sources.secret(namespace, each)));
      }
      values.add(name, List.copyOf(texts));
    }
    out.addUnlessEmpty("proxy_connect_header", values.build());
  }

  private String file(Struct reference) throws RejectedException {
    return assets.secret(sources.secret(namespace, reference));
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }
}

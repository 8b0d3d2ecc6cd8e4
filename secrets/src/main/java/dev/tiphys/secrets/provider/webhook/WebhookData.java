package dev.tiphys.secrets.provider.webhook;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.secrets.kept.SecretData;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.template.Functions;
import dev.tiphys.template.Template;
import dev.tiphys.template.TemplateException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the templates of a request are filled with: what is asked for, and Secrets of the cluster
/// that are labelled as meant for this.
///
/// @param remote what is asked for
/// @param secrets by the names that the settings give them
record WebhookData(
    Map<String, String> remote, Map<String, Map<String, String>> secrets, Functions functions) {

  private static final List<String> FIELDS =
      List.of("key", "version", "property", "namespace", "remoteKey", "secretKey");
  private static final String LABEL = "external-secrets.io/type";

  /// Reads the Secrets that settings name.
  ///
  /// @param cluster whether the settings are of the whole cluster, and have to name namespaces
  /// @throws StoreException if one is not there, or not meant for this
  static WebhookData of(
      Struct settings,
      Map<String, String> remote,
      References references,
      boolean cluster,
      Functions functions) {
    Map<String, Map<String, String>> secrets = new TreeMap<>();
    for (Struct each : settings.structs("secrets")) {
      Struct reference = each.struct("secretRef");
      Map<String, String> texts =
          secrets.computeIfAbsent(each.string("name"), _ -> new TreeMap<>());
      SecretData.of(secret(reference, references, cluster))
          .forEach((key, value) -> texts.put(key, new String(value, StandardCharsets.UTF_8)));
    }
    return new WebhookData(remote, secrets, functions);
  }

  private static Struct secret(Struct reference, References references, boolean cluster) {
    String name = reference.string("name");
    if (cluster && reference.string("namespace").isEmpty()) {
      throw new StoreException("no namespace on ClusterScoped webhook secret " + name);
    }
    Struct secret;
    try {
      secret = references.wholeSecret(reference);
    } catch (StoreException e) {
      throw new StoreException(
          "failed to get clustersecretstore webhook secret %s: %s".formatted(name, e.message()));
    }
    Struct labels = Meta.of(secret).labels();
    if (!labels.has(LABEL)) {
      throw new StoreException(
          "secret does not contain needed label 'external-secrets.io/type: webhook'. Update secret"
              + " label to use it with webhook");
    }
    if (!labels.string(LABEL).equals("webhook")) {
      throw new StoreException("secret type is not 'webhook'");
    }
    return secret;
  }

  /// A template's text.
  ///
  /// @param what for messages
  /// @param escaped whether what is asked for is escaped as in queries
  String text(String what, String template, boolean escaped) {
    if (template.isEmpty()) {
      return "";
    }
    Map<String, String> asked = new TreeMap<>();
    FIELDS.forEach(field -> asked.put(field, "")); // what a request has none of is empty
    remote.forEach((key, value) -> asked.put(key, escaped ? escaped(key, value) : value));
    Map<String, Object> all = new TreeMap<>(secrets);
    all.put("remoteRef", asked);
    try {
      return Template.parse("webhooktemplate", template, functions).execute(all);
    } catch (TemplateException e) {
      throw new StoreException("failed to parse %s: %s".formatted(what, e.getMessage()));
    }
  }

  private static String escaped(String key, String value) {
    return key.equals("namespace")
        ? value
        : URLEncoder.encode(value, StandardCharsets.UTF_8).replace("*", "%2A").replace("%7E", "~");
  }

  /// Without the values, which must not be seen.
  @Override
  public String toString() {
    return secrets.keySet().toString();
  }
}

package dev.tiphys.schema.validation.cluster;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.Formats;
import java.util.Base64;
import java.util.List;

/// Rules for ConfigMaps and Secrets.
public final class ConfigRules {

  private static final int MOST_BYTES = 1024 * 1024;
  private static final String FIXED = "field is immutable when `immutable` is set";
  private static final String ACCOUNT = "kubernetes.io/service-account.name";

  private ConfigRules() {}

  public static void configMap(FieldValue map) {
    FieldValue data = map.at("data");
    FieldValue binary = map.at("binaryData");
    long size = 0;
    for (FieldValue entry : data.entries()) {
      key(entry);
      if (binary.struct().get(entry.name()) != null) {
        entry.invalid(entry.name(), "duplicate of key present in binaryData");
      }
      size += Formats.byteLength(entry.string());
    }
    for (FieldValue entry : binary.entries()) {
      key(entry);
      size += decodedLength(entry.string());
    }
    if (size > MOST_BYTES) {
      map.wholeObject().tooLong(MOST_BYTES);
    }
  }

  private static void key(FieldValue entry) {
    for (String problem : Formats.configKey(entry.name())) {
      entry.invalid(entry.name(), problem);
    }
  }

  private static long decodedLength(String base64) {
    int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
    return base64.length() / 4 * 3L - padding;
  }

  public static void configMapUpdate(FieldValue now, Struct before) {
    stays(now, before, List.of("data", "binaryData"));
    configMap(now);
  }

  private static void stays(FieldValue now, Struct before, List<String> fields) {
    if (!before.bool("immutable")) {
      return;
    }
    if (!now.at("immutable").bool()) {
      now.at("immutable").forbidden(FIXED);
    }
    for (String field : fields) {
      if (!now.at(field).struct().equals(before.struct(field))) {
        now.at(field).forbidden(FIXED);
      }
    }
  }

  public static void secret(FieldValue secret) {
    FieldValue data = secret.at("data");
    long size = 0;
    for (FieldValue entry : data.entries()) {
      key(entry);
      size += decodedLength(entry.string());
    }
    if (size > MOST_BYTES) {
      data.tooLong(MOST_BYTES);
    }
    switch (secret.at("type").string()) {
      case "kubernetes.io/service-account-token" ->
          secret.at("metadata", "annotations").key(ACCOUNT).mustBeSet();
      case "kubernetes.io/dockercfg" -> registries(data.key(".dockercfg"));
      case "kubernetes.io/dockerconfigjson" -> registries(data.key(".dockerconfigjson"));
      case "kubernetes.io/basic-auth" -> {
        if (!data.key("username").isSet() && !data.key("password").isSet()) {
          data.key("username").required();
          data.key("password").required();
        }
      }
      case "kubernetes.io/ssh-auth" -> data.key("ssh-privatekey").mustBeSet();
      case "kubernetes.io/tls" -> {
        present(data.key("tls.crt"));
        present(data.key("tls.key"));
      }
      default -> {}
    }
  }

  private static void present(FieldValue entry) {
    if (!entry.isSet()) {
      entry.required();
    }
  }

  /// Passwords for registries, as a JSON object.
  private static void registries(FieldValue entry) {
    if (!entry.isSet()) {
      entry.required();
      return;
    }
    byte[] json = Base64.getDecoder().decode(entry.string());
    try {
      Object found = Json.parse(json);
      if (!(found instanceof Struct)) {
        redacted(entry, "json: cannot unmarshal into Go value of type map[string]interface {}");
      }
    } catch (EncodingException e) {
      redacted(entry, json.length == 0 ? "unexpected end of JSON input" : reason(e));
    }
  }

  private static String reason(EncodingException e) {
    String message = e.getMessage();
    return message == null ? "invalid JSON" : message;
  }

  private static void redacted(FieldValue entry, String detail) {
    entry.invalid("<secret contents redacted>", detail);
  }

  public static void secretUpdate(FieldValue now, Struct before) {
    now.at("type").mustEqual(before.get("type"));
    stays(now, before, List.of("data"));
    secret(now);
  }
}

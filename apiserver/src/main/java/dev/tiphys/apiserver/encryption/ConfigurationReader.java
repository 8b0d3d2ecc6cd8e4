package dev.tiphys.apiserver.encryption;

import dev.tiphys.apiserver.encryption.EncryptionConfiguration.Entry;
import dev.tiphys.apiserver.encryption.EncryptionConfiguration.Key;
import dev.tiphys.apiserver.encryption.EncryptionConfiguration.Provider;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.FieldErrors;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// Reads an EncryptionConfiguration and says what is wrong with it, in upstream's words.
final class ConfigurationReader {

  private static final String VERSION = "apiserver.config.k8s.io/v1";
  private static final String KIND = "EncryptionConfiguration";
  private static final List<Integer> AES_KEYS = List.of(16, 24, 32);
  private static final List<Integer> SECRETBOX_KEYS = List.of(32);
  private static final List<String> PROVIDERS =
      List.of("aesgcm", "aescbc", "secretbox", "identity", "kms");
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final FieldErrors errors = new FieldErrors();
  private final Set<String> kmsNames = new HashSet<>();
  private final boolean reloads;

  private ConfigurationReader(boolean reloads) {
    this.reloads = reloads;
  }

  /// @throws IllegalArgumentException if it can't be used; the message says why
  static List<Entry> read(Struct tree, Path file, boolean reloads) {
    String problem = "";
    if (!tree.string("apiVersion").equals(VERSION) || !tree.string("kind").equals(KIND)) {
      problem =
          "no kind "
              + GoText.quoted(tree.string("kind"))
              + " is registered for version "
              + GoText.quoted(tree.string("apiVersion"))
              + " in scheme \"pkg/runtime/scheme.go:110\"";
    } else {
      List<String> unknown = UnknownFields.of(tree);
      if (!unknown.isEmpty()) {
        problem = "strict decoding error: " + String.join(", ", unknown);
      }
    }
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException(
          "error while parsing file: error decoding encryption provider configuration file "
              + GoText.quoted(file.toString())
              + ": "
              + problem);
    }
    ConfigurationReader reader = new ConfigurationReader(reloads);
    List<Entry> entries = reader.entries(FieldValue.top(reader.errors, tree).at("resources"));
    if (!reader.errors.isEmpty()) {
      throw new IllegalArgumentException("error while parsing file: " + reader.errors.message());
    }
    return entries;
  }

  private List<Entry> entries(FieldValue resources) {
    if (resources.items().isEmpty()) {
      resources.required("at least one resources is required");
    }
    List<Entry> entries = new ArrayList<>();
    for (FieldValue item : resources.items()) {
      FieldValue names = item.at("resources");
      FieldValue providers = item.at("providers");
      requireOne(names);
      ResourceNames.check(names);
      requireOne(providers);
      List<Provider> read = new ArrayList<>();
      providers.items().forEach(each -> addProvider(each, read));
      entries.add(new Entry(names.items().stream().map(FieldValue::string).toList(), read));
    }
    return entries;
  }

  private static void requireOne(FieldValue list) {
    if (list.items().isEmpty()) {
      list.required("at least one " + list.path() + " is required");
    }
  }

  private void addProvider(FieldValue provider, List<Provider> read) {
    List<String> found = PROVIDERS.stream().filter(each -> provider.at(each).isSet()).toList();
    if (found.size() != 1) {
      provider.invalidText(
          shown(provider),
          found.isEmpty()
              ? "provider does not contain any of the expected providers: KMS, AESGCM, AESCBC,"
                  + " Secretbox, Identity"
              : "more than one provider specified in a single element, should split into different"
                  + " list elements");
      return;
    }
    FieldValue chosen = provider.at(found.getFirst());
    read.add(
        switch (found.getFirst()) {
          case "aesgcm" -> new Provider.AesGcm(keys(chosen.at("keys"), AES_KEYS));
          case "aescbc" -> new Provider.AesCbc(keys(chosen.at("keys"), AES_KEYS));
          case "secretbox" -> new Provider.Secretbox(keys(chosen.at("keys"), SECRETBOX_KEYS));
          case "kms" -> kms(chosen);
          default -> new Provider.Plain();
        });
  }

  /// A provider as messages show it, which keys are no part of.
  private static String shown(FieldValue provider) {
    Stream<String> fields =
        Stream.of("AESGCM", "AESCBC", "Secretbox", "Identity", "KMS")
            .map(
                name ->
                    GoText.quoted(name)
                        + ":"
                        + (provider.at(name.toLowerCase(Locale.ROOT)).isSet() ? "{}" : "null"));
    return "{" + String.join(",", fields.toList()) + "}";
  }

  private static List<Key> keys(FieldValue keys, List<Integer> lengths) {
    if (keys.items().isEmpty()) {
      keys.required("at least one keys is required");
    }
    List<Key> read = new ArrayList<>();
    for (FieldValue key : keys.items()) {
      if (key.at("name").isEmpty()) {
        key.at("name").required("name is a mandatory field for a key");
      }
      checkSecret(key.at("secret"), lengths);
      read.add(new Key(key.at("name").string(), key.at("secret").string()));
    }
    return read;
  }

  private static void checkSecret(FieldValue secret, List<Integer> lengths) {
    if (secret.isEmpty()) {
      secret.required("secret is a mandatory field for a key");
      return;
    }
    int length;
    try {
      length = Base64.getDecoder().decode(secret.string()).length;
    } catch (IllegalArgumentException e) {
      secret.invalid("REDACTED", "secrets must be base64 encoded");
      return;
    }
    if (!lengths.contains(length)) {
      secret.invalid(
          "REDACTED",
          "secret is not of the expected length, got %d, expected one of %s"
              .formatted(length, lengths.toString().replace(",", "")));
    }
  }

  private Provider.Kms kms(FieldValue kms) {
    String version = kms.at("apiVersion").isEmpty() ? "v1" : kms.at("apiVersion").string();
    boolean first = version.equals("v1");
    String name = kms.at("name").string();
    checkName(kms.at("name"), first);
    Duration timeout = timeout(kms.at("timeout"));
    Path socket = socket(kms.at("endpoint"));
    FieldValue cache = kms.at("cachesize");
    if (!first && cache.isSet()) {
      cache.invalid("cachesize is not supported in v2");
    } else if (first && cache.isSet() && cache.integer() == 0) {
      cache.invalid("cachesize should be a positive value, or negative to disable");
    }
    if (!first && !version.equals("v2")) {
      kms.at("apiVersion")
          .invalid(
              "unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported");
    }
    kmsNames.add(name);
    return new Provider.Kms(version, name, socket, timeout);
  }

  private void checkName(FieldValue name, boolean first) {
    if (name.isEmpty()) {
      name.required("name is a mandatory field for a provider");
    }
    if (!first && name.string().contains(":")) {
      name.invalid("invalid KMS provider name " + name.string() + ", must not contain ':'");
    }
    if ((reloads || !first) && kmsNames.contains(name.string())) {
      name.invalid("duplicate KMS provider name " + name.string() + ", names must be unique");
    }
  }

  private static Duration timeout(FieldValue timeout) {
    if (!timeout.isSet()) {
      return TIMEOUT;
    }
    Duration span;
    try {
      span = GoDuration.parse(timeout.string());
    } catch (IllegalArgumentException e) {
      timeout.invalid(String.valueOf(e.getMessage()));
      return TIMEOUT;
    }
    if (!span.isPositive()) {
      timeout.invalid(GoDuration.text(span), "timeout should be a positive value");
    }
    return span;
  }

  private static Path socket(FieldValue endpoint) {
    if (endpoint.isEmpty()) {
      endpoint.invalid("", "endpoint is a mandatory field for a kms");
      return Path.of("/");
    }
    try {
      URI uri = new URI(endpoint.string());
      if ("unix".equals(uri.getScheme())) {
        String path = uri.getPath() == null ? "" : uri.getPath();
        return Path.of(path);
      }
      endpoint.invalid(
          "unsupported scheme "
              + GoText.quoted(uri.getScheme() == null ? "" : uri.getScheme())
              + " for KMS provider, only unix is supported");
    } catch (URISyntaxException e) {
      endpoint.invalid("invalid endpoint for kms provider, error: " + e.getMessage());
    }
    return Path.of("/");
  }
}

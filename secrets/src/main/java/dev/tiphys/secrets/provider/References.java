package dev.tiphys.secrets.provider;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What the settings of a store, or of a generator, refer to in the cluster.
///
/// References of a SecretStore stay in its namespace, whatever they say. Those of a
/// ClusterSecretStore go to the namespace that they name, or else to that of the object that the
/// store is opened for.
///
/// What was read is remembered by its version, so that a store is opened anew once it has changed.
///
/// Threads: any.
public final class References {

  private static final long TOKEN_SECONDS = 600;

  private final Api api;
  private final boolean cluster;
  private final String namespace;
  private final Map<Used, String> used = new ConcurrentHashMap<>();
  private volatile boolean ofNamespace;

  private record Used(ApiResource resource, ObjectKey key) {}

  /// @param cluster whether the settings may refer to any namespace
  /// @param namespace the settings' own, or that of the object that they are used for; may be empty
  ///   for settings of the whole cluster
  public References(Api api, boolean cluster, String namespace) {
    this.api = api;
    this.cluster = cluster;
    this.namespace = namespace;
  }

  /// The namespace that a reference leads to; empty if that is not known yet.
  public String namespaceOf(Struct reference) {
    String named = reference.string("namespace");
    if (cluster && !named.isEmpty()) {
      return named;
    }
    ofNamespace = true;
    return namespace;
  }

  /// Whether any reference went to the namespace of the object that the settings are used for.
  public boolean areOfNamespace() {
    return cluster && ofNamespace;
  }

  /// The cluster's API, to be used with [#namespaceOf] only.
  public Api api() {
    return api;
  }

  /// A value of a Secret, as text.
  ///
  /// @param reference with `name` and `key`
  /// @throws StoreException if it is not there
  public String secret(Struct reference) {
    return secret(reference, "");
  }

  /// A value of a Secret, as text.
  ///
  /// @param key for references that name none
  public String secret(Struct reference, String key) {
    String wanted = reference.string("key").isEmpty() ? key : reference.string("key");
    Struct secret = read(ApiResource.SECRETS, "secret", reference);
    Object value = secret.struct("data").get(wanted);
    if (!(value instanceof String encoded)) {
      throw new StoreException("cannot find secret data for key: \"" + wanted + "\"");
    }
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }

  /// A Secret, whole.
  public Struct wholeSecret(Struct reference) {
    return read(ApiResource.SECRETS, "secret", reference);
  }

  /// A ServiceAccount.
  public Struct serviceAccount(Struct reference) {
    return read(ApiResource.SERVICE_ACCOUNTS, "service account", reference);
  }

  private Struct read(ApiResource resource, String what, Struct reference) {
    ObjectKey key = new ObjectKey(namespaceOf(reference), reference.string("name"));
    try {
      Struct found = api.get(resource, key.namespace(), key.name());
      used.put(new Used(resource, key), Meta.of(found).resourceVersion());
      return found;
    } catch (ApiException e) {
      throw new StoreException(
          "cannot get Kubernetes %s \"%s\" from namespace \"%s\": %s"
              .formatted(what, key.name(), key.namespace(), e.message()));
    }
  }

  /// A token of a ServiceAccount, which lives for ten minutes.
  ///
  /// @param more audiences besides those of the reference
  public String token(Struct reference, List<String> more) {
    List<String> audiences = new ArrayList<>(reference.strings("audiences"));
    audiences.addAll(more);
    Struct spec =
        new StructBuilder()
            .addUnlessEmpty("audiences", audiences)
            .add("expirationSeconds", TOKEN_SECONDS)
            .build();
    try {
      return api.createSubresource(
              ApiResource.SERVICE_ACCOUNTS,
              namespaceOf(reference),
              reference.string("name"),
              "token",
              Struct.of("apiVersion", "authentication.k8s.io/v1", "kind", "TokenRequest")
                  .with("spec", spec))
          .string("status", "token");
    } catch (ApiException e) {
      throw new StoreException(
          "cannot request Kubernetes service account token for service account \"%s\": %s"
              .formatted(reference.string("name"), e.message()));
    }
  }

  /// The authorities that settings name in `caBundle` or `caProvider`, as PEM; empty if they name
  /// none.
  public String authorities(Struct settings) {
    String bundle = settings.string("caBundle");
    if (!bundle.isEmpty()) {
      try {
        return new String(Base64.getDecoder().decode(bundle), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        throw new StoreException("failed to decode ca bundle: it is no base64");
      }
    }
    Struct provider = settings.struct("caProvider");
    return switch (provider.string("type")) {
      case "" -> "";
      case "Secret" -> secret(provider);
      case "ConfigMap" -> configMap(provider);
      default -> throw new StoreException("unknown caProvider type: " + provider.string("type"));
    };
  }

  /// A text of a ConfigMap.
  ///
  /// @param reference with `name` and `key`
  /// @throws StoreException if it is not there
  public String configMap(Struct reference) {
    Struct found = read(ApiResource.CONFIG_MAPS, "config map", reference);
    if (!found.has("data", reference.string("key"))) {
      throw new StoreException(
          "failed to get caProvider configMap: no key " + reference.string("key"));
    }
    return found.string("data", reference.string("key"));
  }

  /// Whether everything that was read is still as it was then.
  public boolean isCurrent() {
    return used.entrySet().stream().allMatch(each -> isAt(each.getKey(), each.getValue()));
  }

  private boolean isAt(Used what, String version) {
    try {
      Struct found = api.find(what.resource, what.key.namespace(), what.key.name());
      return found != null && Meta.of(found).resourceVersion().equals(version);
    } catch (ApiException e) {
      return !e.is(Reason.NOT_FOUND); // what cannot be asked is not known to have changed
    }
  }
}

package dev.tiphys.monitoring.selection;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Secrets and ConfigMaps that settings refer to. It remembers which were asked for, so that their
/// changes can be told from others.
///
/// Threads: one.
public final class Sources {

  private final Function<ObjectKey, @Nullable Struct> secrets;
  private final Function<ObjectKey, @Nullable Struct> configMaps;
  private final Set<ObjectKey> used = new HashSet<>();

  /// @param secrets null for one that is not there
  public Sources(
      Function<ObjectKey, @Nullable Struct> secrets,
      Function<ObjectKey, @Nullable Struct> configMaps) {
    this.secrets = secrets;
    this.configMaps = configMaps;
  }

  /// The names of Secrets and ConfigMaps that were asked for, whether or not they are there.
  public Set<ObjectKey> used() {
    return Set.copyOf(used);
  }

  /// The value that a field of type SecretKeySelector refers to.
  public byte[] secret(String namespace, Struct reference) throws RejectedException {
    String name = reference.string("name");
    Struct found = find(secrets, namespace, name);
    if (found == null) {
      throw new RejectedException(
          "unable to get secret \"%s\": secrets \"%s\" not found".formatted(name, name));
    }
    String key = reference.string("key");
    if (!(found.get("data", key) instanceof String encoded)) {
      throw new RejectedException("key \"%s\" in secret \"%s\" not found".formatted(key, name));
    }
    return Base64.getDecoder().decode(encoded);
  }

  private byte[] configMap(String namespace, Struct reference) throws RejectedException {
    String name = reference.string("name");
    Struct found = find(configMaps, namespace, name);
    if (found == null) {
      throw new RejectedException(
          "unable to get configmap \"%s\": configmaps \"%s\" not found".formatted(name, name));
    }
    String key = reference.string("key");
    if (found.get("data", key) instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    throw new RejectedException("key \"%s\" in configmap \"%s\" not found".formatted(key, name));
  }

  /// The value that a field of type SecretOrConfigMap refers to; null if it refers to none.
  public byte @Nullable [] either(String namespace, Struct field) throws RejectedException {
    if (field.has("secret") && field.has("configMap")) {
      throw new RejectedException("cannot specify both Secret and ConfigMap");
    }
    if (field.has("secret")) {
      return secret(namespace, field.struct("secret"));
    }
    return field.has("configMap") ? configMap(namespace, field.struct("configMap")) : null;
  }

  private @Nullable Struct find(
      Function<ObjectKey, @Nullable Struct> all, String namespace, String name) {
    ObjectKey key = new ObjectKey(namespace, name);
    used.add(key);
    return all.apply(key);
  }
}

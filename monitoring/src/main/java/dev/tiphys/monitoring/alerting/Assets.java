package dev.tiphys.monitoring.alerting;

import dev.tiphys.object.Struct;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a configuration takes from Secrets and ConfigMaps, and the files that it needs of them.
///
/// Threads: one.
final class Assets {

  private final Objects objects;
  private final Path directory;
  private final Map<Path, byte[]> files = new TreeMap<>();

  /// The objects that are referred to.
  interface Objects {

    /// A Secret; null if there is none.
    @Nullable Struct secret(String namespace, String name);

    /// A ConfigMap; null if there is none.
    @Nullable Struct configMap(String namespace, String name);
  }

  /// @param directory of the files
  Assets(Objects objects, Path directory) {
    this.objects = objects;
    this.directory = directory;
  }

  /// The files that there must be.
  Map<Path, byte[]> files() {
    return files;
  }

  /// What a key of a Secret holds, without spaces around it.
  ///
  /// @param reference `{name, key}`
  String secret(String namespace, Struct reference) throws AlertException {
    return new String(bytes(namespace, reference), StandardCharsets.UTF_8).strip();
  }

  /// What `{secret: {name, key}}` or `{configMap: {name, key}}` leads to.
  String text(String namespace, Struct either) throws AlertException {
    return new String(eitherBytes(namespace, either), StandardCharsets.UTF_8).strip();
  }

  /// A file with what a key of a Secret holds.
  Path secretFile(String namespace, Struct reference) throws AlertException {
    return file("secret", namespace, reference, bytes(namespace, reference));
  }

  /// A file with what `{secret: {name, key}}` or `{configMap: {name, key}}` leads to.
  Path file(String namespace, Struct either) throws AlertException {
    boolean secret = either.has("secret");
    return file(
        secret ? "secret" : "configmap",
        namespace,
        either.struct(secret ? "secret" : "configMap"),
        eitherBytes(namespace, either));
  }

  private Path file(String kind, String namespace, Struct reference, byte[] content) {
    Path path =
        directory.resolve(
            String.join("_", kind, namespace, reference.string("name"), reference.string("key")));
    files.put(path, content);
    return path;
  }

  private byte[] eitherBytes(String namespace, Struct either) throws AlertException {
    if (either.has("secret")) {
      return bytes(namespace, either.struct("secret"));
    }
    Struct reference = either.struct("configMap");
    String name = reference.string("name");
    Struct map = objects.configMap(namespace, name);
    if (map == null) {
      throw new AlertException(
          "unable to get configmap \"%s\": configmaps \"%1$s\" not found".formatted(name));
    }
    Object value = map.get("data", reference.string("key"));
    if (value == null) {
      throw new AlertException(
          "key \"%s\" in configmap \"%s\" not found".formatted(reference.string("key"), name));
    }
    return String.valueOf(value).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] bytes(String namespace, Struct reference) throws AlertException {
    String name = reference.string("name");
    Struct secret = objects.secret(namespace, name);
    if (secret == null) {
      throw new AlertException(
          "unable to get secret \"%s\": secrets \"%1$s\" not found".formatted(name));
    }
    Object value = secret.get("data", reference.string("key"));
    if (value == null) {
      throw new AlertException(
          "key \"%s\" in secret \"%s\" not found".formatted(reference.string("key"), name));
    }
    return Base64.getDecoder().decode(String.valueOf(value));
  }
}

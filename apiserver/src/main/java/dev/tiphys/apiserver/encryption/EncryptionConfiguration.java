package dev.tiphys.apiserver.encryption;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.validation.GoText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/// How which resources are encrypted.
///
/// @param entries in the order of the file
/// @param hash tells it from another one without telling the keys
public record EncryptionConfiguration(List<Entry> entries, String hash) {

  /// @param resources `secrets`, `deployments.apps`, `*.apps`, `*.` for the core group, or `*.*`
  /// @param providers the first one writes, and each may read
  public record Entry(List<String> resources, List<Provider> providers) {
    public Entry {
      resources = List.copyOf(resources);
      providers = List.copyOf(providers);
    }
  }

  /// One way to encrypt.
  public sealed interface Provider {
    /// Not at all.
    record Plain() implements Provider {}

    record AesCbc(List<Key> keys) implements Provider {
      public AesCbc {
        keys = List.copyOf(keys);
      }
    }

    record AesGcm(List<Key> keys) implements Provider {
      public AesGcm {
        keys = List.copyOf(keys);
      }
    }

    record Secretbox(List<Key> keys) implements Provider {
      public Secretbox {
        keys = List.copyOf(keys);
      }
    }

    /// By a key management plugin.
    ///
    /// @param version of the plugin's interface
    /// @param socket where it listens
    /// @param timeout how long a call may take
    record Kms(String version, String name, Path socket, Duration timeout) implements Provider {}
  }

  /// A key that stands in the file.
  ///
  /// @param secret the key in base64
  public record Key(String name, String secret) {
    byte[] bytes() {
      return Base64.getDecoder().decode(secret);
    }

    /// Keys are not shown.
    @Override
    public String toString() {
      return "key " + name;
    }
  }

  public EncryptionConfiguration {
    entries = List.copyOf(entries);
  }

  /// Reads a file in upstream's form, of group `apiserver.config.k8s.io`.
  ///
  /// @param reloads whether the file is followed while the server runs
  /// @throws IllegalArgumentException if it can't be used; the message says why
  public static EncryptionConfiguration read(Path file, boolean reloads) {
    byte[] bytes = bytes(file);
    Struct tree;
    try {
      tree = Yaml.struct(new String(bytes, StandardCharsets.UTF_8));
    } catch (EncodingException e) {
      throw new IllegalArgumentException(
          "error while parsing file: error decoding encryption provider configuration file "
              + GoText.quoted(file.toString())
              + ": "
              + e.getMessage(),
          e);
    }
    return new EncryptionConfiguration(
        ConfigurationReader.read(tree, file, reloads), Digests.of(bytes));
  }

  private static byte[] bytes(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length == 0) {
        throw new IllegalArgumentException(
            "error while parsing file: error while loading file: encryption provider configuration"
                + " file "
                + GoText.quoted(file.toString())
                + " is empty");
      }
      return bytes;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "error while parsing file: error while loading file: error reading encryption provider"
              + " configuration file "
              + GoText.quoted(file.toString())
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /// Whether a file still says what this configuration says.
  ///
  /// @throws IllegalArgumentException if it can't be read
  boolean isIn(Path file) {
    return Digests.of(bytes(file)).equals(hash);
  }

  /// Whether a plugin keeps keys.
  boolean usesKms() {
    return entries.stream()
        .flatMap(each -> each.providers.stream())
        .anyMatch(Provider.Kms.class::isInstance);
  }

  /// How long calls of all plugins may take together, one after the other.
  Duration timeouts() {
    Duration sum = Duration.ZERO;
    for (Entry entry : entries) {
      for (Provider each : entry.providers) {
        if (each instanceof Provider.Kms kms) {
          sum = sum.plus(kms.timeout());
        }
      }
    }
    return sum;
  }
}

package dev.tiphys.apiserver.admission;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// A file with what is set for plugins: upstream's AdmissionConfiguration.
public final class AdmissionFile {

  private static final Set<String> VERSIONS =
      Set.of("apiserver.config.k8s.io/v1", "apiserver.k8s.io/v1alpha1", "apiserver.k8s.io/v1");

  private AdmissionFile() {}

  /// What the file sets, by the names of the plugins.
  ///
  /// @throws IllegalArgumentException if it can't be used; the message says why
  public static Map<String, Struct> read(Path file) {
    Struct tree = tree(file);
    boolean known =
        VERSIONS.contains(tree.string("apiVersion"))
            && tree.string("kind").equals("AdmissionConfiguration");
    if (!known) {
      throw new IllegalArgumentException(
          "no kind \"%s\" is registered for version \"%s\""
              .formatted(tree.string("kind"), tree.string("apiVersion")));
    }
    Map<String, Struct> configurations = new LinkedHashMap<>();
    for (Struct plugin : tree.structs("plugins")) {
      String name = plugin.string("name");
      String path = plugin.string("path");
      Struct configuration =
          path.isEmpty() ? plugin.struct("configuration") : tree(file.resolveSibling(path));
      if (!Plugins.names().contains(name)) {
        throw new IllegalArgumentException("unknown admission plugin: " + name);
      }
      if (configurations.put(name, configuration) != null) {
        throw new IllegalArgumentException("admission plugin is configured twice: " + name);
      }
    }
    return configurations;
  }

  private static Struct tree(Path file) {
    try {
      return Yaml.struct(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException | EncodingException e) {
      throw new IllegalArgumentException(
          "unable to read admission control configuration from \"%s\" [%s]"
              .formatted(file, e.getMessage()),
          e);
    }
  }
}

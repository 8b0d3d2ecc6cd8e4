package dev.tiphys.apiserver.encryption;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Fields that an EncryptionConfiguration does not have: a misspelt one must not leave objects
/// plain.
final class UnknownFields {

  private static final Set<String> KEYS = Set.of("keys");
  private static final Map<String, Set<String>> PROVIDERS =
      Map.of(
          "aesgcm", KEYS,
          "aescbc", KEYS,
          "secretbox", KEYS,
          "identity", Set.of(),
          "kms", Set.of("apiVersion", "name", "cachesize", "endpoint", "timeout"));

  private final List<String> found = new ArrayList<>();

  private UnknownFields() {}

  /// What upstream says of each.
  static List<String> of(Struct tree) {
    UnknownFields fields = new UnknownFields();
    fields.check("", tree, Set.of("apiVersion", "kind", "resources"));
    List<Struct> entries = tree.structs("resources");
    for (int i = 0; i < entries.size(); i++) {
      String path = "resources[" + i + "].";
      fields.check(path, entries.get(i), Set.of("resources", "providers"));
      List<Struct> providers = entries.get(i).structs("providers");
      for (int j = 0; j < providers.size(); j++) {
        fields.checkProvider(path + "providers[" + j + "].", providers.get(j));
      }
    }
    return fields.found;
  }

  private void checkProvider(String path, Struct provider) {
    check(path, provider, PROVIDERS.keySet());
    PROVIDERS.forEach(
        (name, known) -> {
          Struct chosen = provider.struct(name);
          check(path + name + ".", chosen, known);
          List<Struct> keys = chosen.structs("keys");
          for (int i = 0; i < keys.size(); i++) {
            check(path + name + ".keys[" + i + "].", keys.get(i), Set.of("name", "secret"));
          }
        });
  }

  private void check(String path, Struct struct, Set<String> known) {
    for (String name : struct.names()) {
      if (!known.contains(name)) {
        found.add("unknown field \"" + path + name + "\"");
      }
    }
  }
}

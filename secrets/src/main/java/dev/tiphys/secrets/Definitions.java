package dev.tiphys.secrets;

import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.ArrayList;
import java.util.List;

/// The definitions of the kinds of this module.
final class Definitions {

  /// Read once: tests start many clusters.
  static final List<Struct> ALL = all();

  private Definitions() {}

  private static List<Struct> all() {
    List<Struct> all = new ArrayList<>();
    for (Struct definition :
        DefaultObjects.read(
            ExternalSecrets.class,
            "stores.yaml",
            "external-secrets.yaml",
            "push-secrets.yaml",
            "generators.yaml")) {
      all.add(definition);
      if (Meta.of(definition).name().startsWith("secretstores.")) {
        all.add(ofCluster(definition));
      }
    }
    return List.copyOf(all);
  }

  /// ClusterSecretStores have the fields of SecretStores.
  private static Struct ofCluster(Struct definition) {
    return definition
        .withAt("cluster" + Meta.of(definition).name(), "metadata", "name")
        .withAt("Cluster", "spec", "scope")
        .withAt("ClusterSecretStore", "spec", "names", "kind")
        .withAt("ClusterSecretStoreList", "spec", "names", "listKind")
        .withAt("clustersecretstores", "spec", "names", "plural")
        .withAt("clustersecretstore", "spec", "names", "singular")
        .withAt(List.of("css"), "spec", "names", "shortNames");
  }
}

package dev.tiphys.apiserver.bootstrap;

import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.PackagedFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The roles and bindings that every cluster has: upstream's, and those of parts that upstream does
/// not have.
public final class AccessDefaults {

  static final String AUTO_UPDATE = "rbac.authorization.kubernetes.io/autoupdate";

  private static final String GROUP = "rbac.authorization.k8s.io";
  private static final String CLUSTER_ROLE = "ClusterRole";
  private static final String CONTROLLER = "system:controller:";
  private static final List<Struct> TABLES = List.of(read("roles.json"), read("own-roles.json"));

  /// What roles can do as well where a feature is on: rules by feature and role.
  private static final Struct GATED = read("gated-rules.json");

  private AccessDefaults() {}

  private static Struct read(String file) {
    return Json.struct(new PackagedFile(AccessDefaults.class, file).bytes());
  }

  /// The rules of one of the ClusterRoles.
  ///
  /// @param gates which features are on: some need rights
  public static List<Struct> rulesOf(String clusterRole, FeatureGates gates) {
    Struct role = TABLES.getFirst().struct("clusterRoles", clusterRole);
    return extended(clusterRole, role, gates).structs("rules");
  }

  /// @param gates which features are on: some need rights
  static List<Struct> clusterRoles(FeatureGates gates) {
    List<Struct> all = new ArrayList<>();
    for (Struct table : TABLES) {
      Struct roles = table.struct("clusterRoles");
      for (String name : roles.names()) {
        all.add(clusterRole(name, extended(name, roles.struct(name), gates)));
      }
    }
    gatedRoles(gates)
        .forEach(name -> all.add(clusterRole(name, extended(name, Struct.EMPTY, gates))));
    return all;
  }

  /// The roles that are there only where a feature is on.
  private static Set<String> gatedRoles(FeatureGates gates) {
    Set<String> names = new TreeSet<>();
    for (String feature : GATED.names()) {
      if (gates.isOn(feature)) {
        names.addAll(GATED.struct(feature).names());
      }
    }
    TABLES.forEach(table -> names.removeAll(table.struct("clusterRoles").names()));
    return names;
  }

  private static Struct extended(String name, Struct role, FeatureGates gates) {
    List<Object> rules = new ArrayList<>(role.list("rules"));
    for (String feature : GATED.names()) {
      if (gates.isOn(feature)) {
        rules.addAll(GATED.list(feature, name));
      }
    }
    return role.with("rules", rules);
  }

  private static Struct clusterRole(String name, Struct entry) {
    List<Struct> selectors =
        entry.structs("aggregate").stream().map(each -> Struct.of("matchLabels", each)).toList();
    Struct metadata = metadata("", name);
    Struct labels =
        new StructBuilder()
            .addAll(metadata.struct("labels"))
            .addAll(entry.struct("labels"))
            .build();
    StructBuilder role =
        new StructBuilder()
            .add("metadata", metadata.with("labels", labels))
            .add("rules", entry.list("rules"));
    if (!selectors.isEmpty()) {
      role.add("aggregationRule", Struct.of("clusterRoleSelectors", selectors));
    }
    return role.build();
  }

  /// @param gates which features are on: some have controllers
  static List<Struct> clusterRoleBindings(FeatureGates gates) {
    List<Struct> all = new ArrayList<>();
    for (Struct table : TABLES) {
      Struct bindings = table.struct("clusterRoleBindings");
      for (String name : bindings.names()) {
        all.add(binding(metadata("", name), CLUSTER_ROLE, bindings.struct(name)));
      }
    }
    for (String role : gatedRoles(gates)) {
      Struct entry = Struct.of("role", role, "subjects", List.of(subject(role)));
      all.add(binding(metadata("", role), CLUSTER_ROLE, entry));
    }
    return all;
  }

  /// A controller has its role alone; what is no controller's is for all service accounts.
  private static Struct subject(String role) {
    return role.startsWith(CONTROLLER)
        ? new StructBuilder()
            .add("kind", "ServiceAccount")
            .add("name", role.substring(CONTROLLER.length()))
            .add("namespace", "kube-system")
            .build()
        : Struct.of("kind", "Group", "name", "system:serviceaccounts");
  }

  static List<Struct> roles() {
    return TABLES.stream()
        .flatMap(table -> table.structs("roles").stream())
        .map(
            entry ->
                Struct.of(
                    "metadata",
                    metadata(entry.string("namespace"), entry.string("name")),
                    "rules",
                    entry.list("rules")))
        .toList();
  }

  static List<Struct> roleBindings() {
    return TABLES.stream()
        .flatMap(table -> table.structs("roleBindings").stream())
        .map(
            entry ->
                binding(metadata(entry.string("namespace"), entry.string("name")), "Role", entry))
        .toList();
  }

  private static Struct binding(Struct metadata, String kind, Struct entry) {
    List<Struct> subjects =
        entry.structs("subjects").stream()
            .map(
                subject ->
                    subject.string("kind").equals("ServiceAccount")
                        ? subject
                        : subject.with("apiGroup", GROUP))
            .toList();
    return new StructBuilder()
        .add("metadata", metadata)
        .add("roleRef", Struct.of("apiGroup", GROUP, "kind", kind, "name", entry.string("role")))
        .addUnlessEmpty("subjects", subjects)
        .build();
  }

  private static Struct metadata(String namespace, String name) {
    return new StructBuilder()
        .add("name", name)
        .addUnlessEmpty("namespace", namespace)
        .add("annotations", Struct.of(AUTO_UPDATE, "true"))
        .add("labels", Struct.of("kubernetes.io/bootstrapping", "rbac-defaults"))
        .build();
  }
}

package dev.tiphys.apiserver.authorization.rbac;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A Role or ClusterRole that bindings name, whether it exists or not.
///
/// Threads: any.
final class Role {

  private final String kind;
  private final String name;
  private volatile @Nullable List<Rule> rules;

  Role(String kind, String name) {
    this.kind = kind;
    this.name = name;
  }

  /// What a role's key is among Roles and ClusterRoles.
  ///
  /// @param namespace empty for a ClusterRole
  record Key(String namespace, String name) {}

  /// Its rules; null if there is no such role.
  @Nullable List<Rule> rules() {
    return rules;
  }

  void define(List<Struct> trees) {
    rules = trees.stream().map(Rule::new).toList();
  }

  void forget() {
    rules = null;
  }

  /// What the authorizer says of a role that does not exist.
  String notFound() {
    return kind.toLowerCase(Locale.ROOT) + "." + Rbac.GROUP + " \"" + name + "\" not found";
  }

  /// What the API says of a role that does not exist.
  ApiException refusal() {
    return ApiException.notFound(kind.toLowerCase(Locale.ROOT) + "s." + Rbac.GROUP, name);
  }
}

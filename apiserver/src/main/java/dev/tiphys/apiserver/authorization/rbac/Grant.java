package dev.tiphys.apiserver.authorization.rbac;

import dev.tiphys.object.Struct;

/// What one binding gives to one of its subjects.
///
/// @param binding the RoleBinding or ClusterRoleBinding
/// @param subject one of its subjects
/// @param role what it gives
record Grant(Struct binding, Struct subject, Role role) {

  /// What the sender of a request is told that it allows.
  String reason() {
    Struct metadata = binding.struct("metadata");
    Struct role = binding.struct("roleRef");
    String namespace = metadata.string("namespace");
    String name = metadata.string("name");
    return "RBAC: allowed by "
        + (namespace.isEmpty()
            ? "ClusterRoleBinding \"" + name
            : "RoleBinding \"" + name + "/" + namespace)
        + "\" of "
        + role.string("kind")
        + " \""
        + role.string("name")
        + "\" to "
        + subjectText(namespace);
  }

  private String subjectText(String namespace) {
    String kind = subject.string("kind");
    String name = subject.string("name");
    if (!kind.equals("ServiceAccount")) {
      return kind + " \"" + name + "\"";
    }
    String own = subject.string("namespace");
    return kind + " \"" + name + "/" + (own.isEmpty() ? namespace : own) + "\"";
  }
}

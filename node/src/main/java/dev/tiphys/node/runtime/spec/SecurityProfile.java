package dev.tiphys.node.runtime.spec;

/// Which seccomp or AppArmor profile applies.
public sealed interface SecurityProfile {

  SecurityProfile RUNTIME_DEFAULT = new RuntimeDefault();
  SecurityProfile UNCONFINED = new Unconfined();

  /// The one that the runtime brings along.
  record RuntimeDefault() implements SecurityProfile {}

  /// None.
  record Unconfined() implements SecurityProfile {}

  /// One of the node's own.
  ///
  /// @param name for seccomp the path of its file, for AppArmor its loaded name
  record Localhost(String name) implements SecurityProfile {}
}

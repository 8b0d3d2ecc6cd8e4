package dev.tiphys.node.runtime.spec;

/// Whose namespaces a sandbox or container is in.
///
/// @param target for the mode `TARGET`: the id of the container to share with
public record Namespaces(Mode network, Mode pid, Mode ipc, String target) {

  /// What a namespace is shared with.
  public enum Mode {
    /// The containers of the sandbox share one.
    POD,
    /// The container has its own.
    CONTAINER,
    /// The node's.
    NODE,
    /// That of another container in the sandbox.
    TARGET
  }

  /// What a Pod has that asks for nothing: processes apart, network and IPC shared.
  public static final Namespaces OF_POD = new Namespaces(Mode.POD, Mode.CONTAINER, Mode.POD, "");
}

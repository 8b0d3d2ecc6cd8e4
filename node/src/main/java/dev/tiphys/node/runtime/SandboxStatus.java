package dev.tiphys.node.runtime;

import dev.tiphys.node.runtime.spec.Namespaces;
import java.util.List;

/// A sandbox, and what it got.
///
/// @param addresses its IP addresses, the main one first; none if it has the node's network or is
///   not ready
/// @param network whose network it is in
public record SandboxStatus(Sandbox sandbox, List<String> addresses, Namespaces.Mode network) {

  public SandboxStatus {
    addresses = List.copyOf(addresses);
  }
}

package dev.tiphys.network.policy;

import dev.tiphys.network.Protocol;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// A port of the receiving end, as a rule of a policy says it.
sealed interface PolicyPort {

  /// Ports by number.
  record Numbers(Protocol protocol, int first, int last) implements PolicyPort {}

  /// The ports that a Pod's containers have under this name.
  record Name(Protocol protocol, String name) implements PolicyPort {}

  /// Null if there is no such port.
  static @Nullable PolicyPort of(Struct port) {
    Protocol protocol = Protocol.of(port.string("protocol"));
    if (protocol == null) {
      return null;
    }
    return switch (port.get("port")) {
      case null -> new Numbers(protocol, 0, 0xffff);
      case String name -> new Name(protocol, name);
      case Number number -> {
        int first = number.intValue();
        yield new Numbers(protocol, first, Math.max(first, (int) port.integer("endPort")));
      }
      default -> null;
    };
  }
}

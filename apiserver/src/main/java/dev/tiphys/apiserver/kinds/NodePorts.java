package dev.tiphys.apiserver.kinds;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.client.ApiException;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.util.HashSet;
import java.util.Set;

/// Finds node ports that no Service has.
///
/// Threads: any.
final class NodePorts {

  private static final int FIRST = 30_000;
  private static final int LAST = 32_767;

  private final Lookup lookup;
  private final World world;

  NodePorts(Lookup lookup, World world) {
    this.lookup = lookup;
    this.world = world;
  }

  /// The ports that Services other than this one have.
  Set<Long> taken(Struct service) {
    Set<Long> taken = new HashSet<>();
    String uid = service.string("metadata", "uid");
    for (Struct other : lookup.list("", "services", "")) {
      if (!other.string("metadata", "uid").equals(uid)) {
        other.structs("spec", "ports").forEach(port -> taken.add(port.integer("nodePort")));
        taken.add(other.integer("spec", "healthCheckNodePort"));
      }
    }
    return taken;
  }

  /// Why a port can't be had; empty if it can.
  static String objection(long port, Set<Long> taken) {
    if (port < FIRST || port > LAST) {
      return "provided port is not in the valid range. The range of valid ports is "
          + FIRST
          + "-"
          + LAST;
    }
    return taken.contains(port) ? "provided port is already allocated" : "";
  }

  /// A port that is not among the taken ones; adds it to them.
  long any(Set<Long> taken) {
    int size = LAST - FIRST + 1;
    int begin = world.random().nextInt(size);
    for (int i = 0; i < size; i++) {
      long port = (long) FIRST + (begin + i) % size;
      if (taken.add(port)) {
        return port;
      }
    }
    throw ApiException.internal("failed to allocate a nodePort: range is full");
  }
}

package dev.tiphys.scheduler.cluster;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// A port of the node that a container takes.
///
/// @param ip the address it takes it on; `0.0.0.0` for all
public record HostPort(String ip, String protocol, long port) {

  private static final String ALL = "0.0.0.0";

  static List<HostPort> of(Struct spec) {
    List<HostPort> ports = new ArrayList<>();
    for (Struct container : spec.structs("containers")) {
      collect(container, ports);
    }
    for (Struct container : spec.structs("initContainers")) {
      if (container.string("restartPolicy").equals("Always")) {
        collect(container, ports);
      }
    }
    return List.copyOf(ports);
  }

  private static void collect(Struct container, List<HostPort> ports) {
    for (Struct port : container.structs("ports")) {
      if (port.integer("hostPort") > 0) {
        String ip = port.string("hostIP");
        String protocol = port.string("protocol");
        ports.add(
            new HostPort(
                ip.isEmpty() ? ALL : ip,
                protocol.isEmpty() ? "TCP" : protocol,
                port.integer("hostPort")));
      }
    }
  }

  public boolean conflictsWith(HostPort other) {
    return port == other.port
        && protocol.equals(other.protocol)
        && (ip.equals(other.ip) || ip.equals(ALL) || other.ip.equals(ALL));
  }
}

package dev.tiphys.schema.warnings;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Warnings about the ports of containers that get in each other's way.
final class PortWarnings {

  private PortWarnings() {}

  static void ports(List<Subject> containers) {
    Map<String, List<Subject>> byNumber = new HashMap<>();
    for (Subject container : containers) {
      for (Subject port : container.items("ports")) {
        Struct object = port.object();
        if (!object.string("hostIP").isEmpty() && object.integer("hostPort") == 0) {
          port.warn("", "hostIP set without hostPort: " + shown(object));
        }
        List<Subject> others =
            byNumber.computeIfAbsent(
                object.integer("containerPort") + "/" + object.string("protocol"),
                _ -> new ArrayList<>());
        others.forEach(other -> compare(port, other));
        others.add(port);
      }
    }
  }

  private static void compare(Subject port, Subject other) {
    String problem = problem(port.object(), other.object());
    if (!problem.isEmpty()) {
      port.warn("", problem + " port definition with " + other.path(""));
    }
  }

  private static String problem(Struct port, Struct other) {
    String ip = port.string("hostIP");
    String otherIp = other.string("hostIP");
    long number = port.integer("hostPort");
    long otherNumber = other.integer("hostPort");
    if (ip.equals(otherIp) && number == otherNumber) {
      return "duplicate";
    }
    if (number == 0 || otherNumber == 0) {
      return "overlapping";
    }
    return number == otherNumber && ip.isEmpty() != otherIp.isEmpty()
        ? "dangerously ambiguous"
        : "";
  }

  /// A port as Go prints the struct that upstream keeps it in.
  private static String shown(Struct port) {
    return "{Name:"
        + port.string("name")
        + " HostPort:"
        + port.integer("hostPort")
        + " ContainerPort:"
        + port.integer("containerPort")
        + " Protocol:"
        + port.string("protocol")
        + " HostIP:"
        + port.string("hostIP")
        + "}";
  }
}

package dev.tiphys.network.router.listeners;

import dev.tiphys.object.IpAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Addresses by the port at which they are served, as an annotation of a Node has them:
/// `80=192.0.2.1,2001:db8::1 443=192.0.2.1`.
///
/// @param byPort never with a port that has no address
record EdgePlaces(Map<Integer, List<InetAddress>> byPort) {

  /// Where it is written.
  static final String ANNOTATION = "tiphys.dev/edge";

  static EdgePlaces of(Map<Integer, List<InetAddress>> byPort) {
    return new EdgePlaces(new TreeMap<>(byPort));
  }

  /// What is not understood is left out.
  static EdgePlaces parse(String text) {
    Map<Integer, List<InetAddress>> byPort = new TreeMap<>();
    for (String part : text.split(" ")) {
      int sign = part.indexOf('=');
      if (sign > 0 && part.substring(0, sign).matches("[0-9]{1,5}")) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : part.substring(sign + 1).split(",")) {
          if (IpAddress.parse(address) != null) {
            addresses.add(InetAddress.ofLiteral(address));
          }
        }
        byPort.put(Integer.parseInt(part.substring(0, sign)), addresses);
      }
    }
    return new EdgePlaces(byPort);
  }

  /// Those of some addresses alone.
  EdgePlaces only(List<InetAddress> some) {
    Map<Integer, List<InetAddress>> byPort = new TreeMap<>();
    this.byPort.forEach(
        (port, addresses) -> {
          List<InetAddress> left = addresses.stream().filter(some::contains).toList();
          if (!left.isEmpty()) {
            byPort.put(port, left);
          }
        });
    return new EdgePlaces(byPort);
  }

  /// Both.
  EdgePlaces and(EdgePlaces other) {
    Map<Integer, List<InetAddress>> all = new TreeMap<>(byPort);
    other.byPort.forEach(
        (port, addresses) -> {
          Set<InetAddress> both = new LinkedHashSet<>(all.getOrDefault(port, List.of()));
          both.addAll(addresses);
          all.put(port, List.copyOf(both));
        });
    return new EdgePlaces(all);
  }

  String text() {
    List<String> parts = new ArrayList<>();
    byPort.forEach(
        (port, addresses) ->
            parts.add(
                port
                    + "="
                    + String.join(
                        ",", addresses.stream().map(InetAddress::getHostAddress).toList())));
    return String.join(" ", parts);
  }
}

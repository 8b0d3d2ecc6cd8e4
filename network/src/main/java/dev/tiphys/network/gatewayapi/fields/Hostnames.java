package dev.tiphys.network.gatewayapi.fields;

import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;

/// Names of hosts as Gateways and routes have them: a name, `*.domain` for all below a domain at
/// any depth, or nothing for any.
public final class Hostnames {

  private Hostnames() {}

  /// Whether all names that one stands for are among those of another.
  public static boolean covers(String wide, String narrow) {
    return wide.isEmpty()
        || wide.equals(narrow)
        || wide.startsWith("*.") && narrow.endsWith(wide.substring(1));
  }

  public static boolean overlap(String one, String another) {
    return covers(one, another) || covers(another, one);
  }

  /// The names that a route is asked for under at a listener; empty if it is not at all.
  public static List<String> shared(Struct route, String listener) {
    List<String> wanted = route.strings("spec", "hostnames");
    if (wanted.isEmpty()) {
      return List.of(listener);
    }
    List<String> shared = new ArrayList<>();
    for (String each : wanted) {
      if (covers(listener, each)) {
        shared.add(each);
      } else if (covers(each, listener) && !shared.contains(listener)) {
        shared.add(listener);
      }
    }
    return shared;
  }
}

package dev.tiphys.network.router.backends;

import dev.tiphys.object.Struct;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// Reads EndpointSlices.
public final class ReadyEndpoints {

  private ReadyEndpoints() {}

  /// The endpoints of a port that are ready.
  ///
  /// @param port its name in the Service
  /// @param reached where an endpoint with an address and a port is reached from here
  public static List<InetSocketAddress> of(
      List<Struct> slices,
      String port,
      BiFunction<InetAddress, Integer, InetSocketAddress> reached) {
    List<InetSocketAddress> ready = new ArrayList<>();
    for (Struct slice : slices) {
      if (slice.string("addressType").equals("FQDN")) {
        continue;
      }
      for (Struct each : slice.structs("ports")) {
        if (each.string("name").equals(port)) {
          add(ready, slice, (int) each.integer("port"), reached);
        }
      }
    }
    return ready;
  }

  private static void add(
      List<InetSocketAddress> ready,
      Struct slice,
      int port,
      BiFunction<InetAddress, Integer, InetSocketAddress> reached) {
    for (Struct endpoint : slice.structs("endpoints")) {
      if (isReady(endpoint)) {
        endpoint.strings("addresses").stream()
            .limit(1) // the others say nothing more
            .map(InetAddress::ofLiteral)
            .forEach(ip -> ready.add(reached.apply(ip, port)));
      }
    }
  }

  /// That nothing is said of it stands for ready.
  private static boolean isReady(Struct endpoint) {
    return !Boolean.FALSE.equals(endpoint.get("conditions", "ready"));
  }
}

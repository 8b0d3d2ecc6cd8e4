package dev.tiphys.network.istio.fields;

import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// The endpoints that a ServiceEntry has for a host.
public final class EntryEndpoints {

  private EntryEndpoints() {}

  /// Asks the name servers of this machine for those that are named.
  ///
  /// @param labels that endpoints must have
  public static List<InetSocketAddress> of(Struct entry, String host, int number, Struct labels) {
    List<InetSocketAddress> found = new ArrayList<>();
    for (Struct port : entry.structs("spec", "ports")) {
      if (port.integer("number") != number) {
        continue;
      }
      int usual = (int) (port.has("targetPort") ? port.integer("targetPort") : number);
      boolean named = entry.string("spec", "resolution").startsWith("DNS");
      List<Struct> endpoints = entry.structs("spec", "endpoints");
      for (Struct endpoint : endpoints) {
        if (has(endpoint.struct("labels"), labels)) {
          long own = endpoint.integer("ports", port.string("name"));
          add(found, endpoint.string("address"), own > 0 ? (int) own : usual, named);
        }
      }
      if (endpoints.isEmpty() && named && !host.startsWith("*")) {
        add(found, host, usual, true);
      }
    }
    return found;
  }

  private static boolean has(Struct own, Struct labels) {
    return labels.names().stream().allMatch(name -> labels.string(name).equals(own.get(name)));
  }

  private static void add(List<InetSocketAddress> found, String address, int port, boolean named) {
    if (IpAddress.parse(address) != null) {
      found.add(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    } else if (named) {
      try {
        for (InetAddress each : InetAddress.getAllByName(address)) {
          found.add(new InetSocketAddress(each, port));
        }
      } catch (UnknownHostException e) {
        // has no endpoints until it is known
      }
    }
  }
}

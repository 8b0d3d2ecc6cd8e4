package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.audit.Auditor.Arrival;
import dev.tiphys.http.Exchange;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the audit log says of how a request arrived.
final class Arrivals {

  private Arrivals() {}

  static Arrival of(Exchange exchange, String id, Instant time) {
    String query = exchange.query();
    String agent = exchange.header("user-agent");
    return new Arrival(
        id,
        query.isEmpty() ? exchange.path() : exchange.path() + "?" + query,
        agent == null ? "" : agent,
        addresses(exchange),
        time);
  }

  /// The addresses that the request went through: those that proxies tell of, then the other end.
  private static List<String> addresses(Exchange exchange) {
    List<String> found = new ArrayList<>();
    String forwarded = exchange.header("x-forwarded-for");
    if (forwarded != null) {
      for (String part : forwarded.split(",")) {
        String address = address(part.strip());
        if (address != null) {
          found.add(address);
        }
      }
    }
    String real = exchange.header("x-real-ip");
    String realAddress = real == null ? null : address(real);
    if (realAddress != null && !found.contains(realAddress)) {
      found.add(realAddress);
    }
    String remote = exchange.remote().getAddress().getHostAddress();
    if (found.isEmpty() || !found.getLast().equals(remote)) {
      found.add(remote);
    }
    return found;
  }

  private static @Nullable String address(String text) {
    try {
      return InetAddress.ofLiteral(text).getHostAddress();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}

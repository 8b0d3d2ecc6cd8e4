package dev.tiphys.apiserver.proxy;

import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which header fields are passed on, in both directions.
final class ForwardedHeaders {

  /// Those that are about one connection (RFC 9110, section 7.6.1), and those that frame the
  /// content, which is done anew.
  private static final Set<String> OF_CONNECTION =
      Set.of(
          "connection",
          "proxy-connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /// What the client proves itself to this server with is not for others.
  private static final Set<String> OF_IDENTITY = Set.of("authorization");

  private static final String IMPERSONATION = "impersonate-";

  /// Which other origins may use what this server answers is not for backends to say.
  private static final Set<String> OF_ORIGINS =
      Set.of(
          "access-control-allow-credentials",
          "access-control-allow-headers",
          "access-control-allow-methods",
          "access-control-allow-origin");

  private ForwardedHeaders() {}

  /// Of a request that is passed on.
  ///
  /// @param upgrade whether it asks for another protocol
  static List<Header> ofRequest(Exchange exchange, boolean upgrade) {
    Set<String> dropped = new HashSet<>(OF_IDENTITY);
    dropped.addAll(Set.of("host", "expect", "content-length", "x-forwarded-for"));
    if (upgrade) {
      dropped.add("transfer-encoding");
    } else {
      dropped.addAll(OF_CONNECTION);
      exchange.headers("connection").forEach(value -> addNames(value, dropped));
    }
    List<Header> passed = new ArrayList<>();
    passed.add(new Header("Host", exchange.authority()));
    for (String name : exchange.headerNames()) {
      if (!dropped.contains(name) && !name.startsWith(IMPERSONATION)) {
        exchange.headers(name).forEach(value -> passed.add(new Header(name, value)));
      }
    }
    List<String> before = new ArrayList<>(exchange.headers("x-forwarded-for"));
    before.add(exchange.remote().getAddress().getHostAddress());
    passed.add(new Header("X-Forwarded-For", String.join(", ", before)));
    return passed;
  }

  /// Of an answer that is passed on.
  static List<Header> ofAnswer(List<Header> headers) {
    Set<String> dropped = new HashSet<>(OF_CONNECTION);
    dropped.addAll(OF_ORIGINS);
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase("connection")) {
        addNames(header.value(), dropped);
      }
    }
    return headers.stream()
        .filter(header -> !dropped.contains(header.name().toLowerCase(Locale.ROOT)))
        .toList();
  }

  private static void addNames(String list, Set<String> to) {
    for (String name : list.split(",")) {
      to.add(name.strip().toLowerCase(Locale.ROOT));
    }
  }
}

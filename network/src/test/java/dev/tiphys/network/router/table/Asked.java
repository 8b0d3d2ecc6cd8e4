package dev.tiphys.network.router.table;

import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request as a test writes it down.
record Asked(
    String host,
    String path,
    String method,
    Map<String, String> headers,
    Map<String, String> queries)
    implements RequestView {

  static Asked get(String host, String path) {
    return new Asked(host, path, "GET", Map.of(), Map.of());
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public @Nullable InetAddress client() {
    return null;
  }

  @Override
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  @Override
  public @Nullable String query(String name) {
    return queries.get(name);
  }
}

package dev.tiphys.network.router.table;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// What a route may be chosen by.
public interface RequestView {

  /// The host that is asked, in lower case and without a port; empty if the request names none.
  String host();

  /// The path, in its normal form ([Paths#normal]).
  String path();

  String method();

  /// `http` or `https`: how the client reached the proxy.
  String scheme();

  /// The address that the request came from; null if it did not come by IP.
  @Nullable InetAddress client();

  /// The value of a header, those of several joined by commas (RFC 9110, 5.3).
  @Nullable String header(String name);

  /// The first value of a parameter of the query, decoded.
  @Nullable String query(String name);
}

package dev.tiphys.network.ingress;

/// How Ingresses are served.
///
/// @param http the port for clients without TLS
/// @param https the port for clients with TLS
public record IngressSettings(int http, int https) {

  /// The well-known ports (RFC 9110, 4.2).
  public static final IngressSettings USUAL = new IngressSettings(80, 443);
}

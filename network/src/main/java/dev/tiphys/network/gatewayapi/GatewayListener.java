package dev.tiphys.network.gatewayapi;

import dev.tiphys.http.TlsSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.util.List;

/// A listener of a Gateway, as it was found to be.
///
/// Threads: any; immutable.
final class GatewayListener {

  private final Struct gateway;
  private final Struct spec;
  private final List<String> kinds;
  private final List<TlsSettings> certificates;
  private final FrontendTls frontend;
  private final Verdict resolved;
  private final Verdict accepted;
  private final Verdict conflicted;

  /// @param kinds of the routes that it takes
  /// @param certificates the one for its name first
  GatewayListener(
      Struct gateway,
      Struct spec,
      List<String> kinds,
      List<TlsSettings> certificates,
      FrontendTls frontend,
      Verdict accepted,
      Verdict conflicted,
      Verdict resolved) {
    this.gateway = gateway;
    this.spec = spec;
    this.kinds = List.copyOf(kinds);
    this.certificates = List.copyOf(certificates);
    this.frontend = frontend;
    this.accepted = accepted;
    this.conflicted = conflicted;
    this.resolved = resolved;
  }

  Struct gateway() {
    return gateway;
  }

  Struct spec() {
    return spec;
  }

  String name() {
    return spec.string("name");
  }

  int port() {
    return (int) spec.integer("port");
  }

  String protocol() {
    return spec.string("protocol");
  }

  /// Empty for any.
  String hostname() {
    return spec.string("hostname");
  }

  /// Whether clients speak TLS.
  boolean isSecure() {
    return protocol().equals("HTTPS") || protocol().equals("TLS");
  }

  /// Whether TLS goes through to the backends.
  boolean isPassthrough() {
    return protocol().equals("TLS") && spec.string("tls", "mode").equals("Passthrough");
  }

  boolean isOfHttp() {
    return protocol().startsWith("HTTP");
  }

  List<String> kinds() {
    return kinds;
  }

  List<TlsSettings> certificates() {
    return certificates;
  }

  /// What clients are asked for.
  FrontendTls frontend() {
    return frontend;
  }

  Verdict accepted() {
    return accepted;
  }

  Verdict conflicted() {
    return conflicted;
  }

  Verdict resolved() {
    return resolved;
  }

  boolean isOf(Struct other) {
    return ObjectKey.of(gateway).equals(ObjectKey.of(other));
  }

  /// Whether it is served, if its port can be had.
  boolean isServed() {
    return accepted.holds()
        && !conflicted.holds()
        && (!isSecure() || isPassthrough() || !certificates.isEmpty());
  }
}

package dev.tiphys.secrets.provider.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.StoreException;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;

/// Where a Vault server is, and how it is to be asked.
///
/// @param server its address
/// @param namespace the one that is asked in; empty for the root
/// @param loginNamespace the one that is logged in to
/// @param headers sent with each request
/// @param readsOwnWrites whether a replica that is behind what was written is not to answer
/// @param forwards whether such a replica is to pass the request on
/// @param retries of requests that fail
record VaultSettings(
    URI server,
    String namespace,
    String loginNamespace,
    Map<String, String> headers,
    boolean readsOwnWrites,
    boolean forwards,
    Retries retries) {

  VaultSettings {
    headers = Map.copyOf(headers);
  }

  /// @param spec a `provider.vault`
  static VaultSettings of(Struct spec, Retries retries) {
    String namespace = spec.string("namespace");
    Struct auth = spec.struct("auth");
    boolean reads = spec.bool("readYourWrites");
    boolean forwards = spec.bool("forwardInconsistent");
    Map<String, String> headers = new TreeMap<>();
    spec.struct("headers").forEach((name, value) -> headers.put(name, String.valueOf(value)));
    return new VaultSettings(
        server(spec.string("server")),
        namespace,
        auth.has("namespace") ? auth.string("namespace") : namespace,
        headers,
        reads || forwards,
        reads && forwards,
        retries);
  }

  private static URI server(String text) {
    try {
      URI server = URI.create(text);
      boolean known = "http".equals(server.getScheme()) || "https".equals(server.getScheme());
      if (known && server.getHost() != null && server.getUserInfo() == null) {
        return server;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new StoreException("cannot setup new vault client: the server is no address of HTTP");
  }

  /// What these have that must not be seen.
  Hidden hidden() {
    return Hidden.of(headers.values().toArray(String[]::new));
  }

  /// Without the headers, which may have secrets.
  @Override
  public String toString() {
    return server + (namespace.isEmpty() ? "" : " " + namespace);
  }
}

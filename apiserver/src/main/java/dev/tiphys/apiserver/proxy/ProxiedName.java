package dev.tiphys.apiserver.proxy;

import dev.tiphys.object.api.ApiException;
import java.util.List;

/// The name in a path to something that is proxied: `name`, `name:port` or `scheme:name:port`.
///
/// @param scheme `http` or `https`; empty if none is named
/// @param name of the object
/// @param port a number or a name; empty if none is named
record ProxiedName(String scheme, String name, String port) {

  private static final List<String> SCHEMES = List.of("", "http", "https");

  /// @param kind what is named, in the refusal
  /// @throws ApiException `BAD_REQUEST` if the text has another form
  static ProxiedName parse(String kind, String text) {
    String[] parts = text.split(":", -1);
    ProxiedName parsed =
        switch (parts.length) {
          case 1 -> new ProxiedName("", parts[0], "");
          case 2 -> new ProxiedName("", parts[0], parts[1]);
          case 3 -> new ProxiedName(parts[0], parts[1], parts[2]);
          default -> new ProxiedName("", "", "");
        };
    if (parsed.name.isEmpty() || !SCHEMES.contains(parsed.scheme)) {
      throw ApiException.badRequest("invalid " + kind + " request \"" + text + '"');
    }
    return parsed;
  }

  boolean isSecure() {
    return scheme.equals("https");
  }
}

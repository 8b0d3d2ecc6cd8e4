package dev.tiphys.secrets.vault;

import dev.tiphys.object.Struct;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;

/// A request, as the server takes it apart.
///
/// @param path below `/v1/`, with neither the namespace nor a slash at its end
/// @param namespace empty for the root, otherwise with a slash at its end
/// @param certificates what the client has shown of itself
public record VaultRequest(
    String method,
    String path,
    Map<String, String> query,
    Struct body,
    String token,
    String namespace,
    Map<String, String> headers,
    List<X509Certificate> certificates) {

  boolean lists() {
    return method.equals("LIST") || method.equals("GET") && "true".equals(query.get("list"));
  }

  boolean reads() {
    return method.equals("GET") && !lists();
  }

  boolean writes() {
    return method.equals("PUT") || method.equals("POST");
  }

  boolean deletes() {
    return method.equals("DELETE");
  }

  /// What a policy must allow for it.
  String capability() {
    return lists() ? "list" : reads() ? "read" : deletes() ? "delete" : "update";
  }
}

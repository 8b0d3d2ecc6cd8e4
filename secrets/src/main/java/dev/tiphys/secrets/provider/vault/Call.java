package dev.tiphys.secrets.provider.vault;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request to a Vault server.
///
/// @param path below `/v1/`, as it is and not escaped
/// @param query names and values, in order
/// @param body null for none
/// @param hidden what the request has that must not be seen
public record Call(
    String method,
    String path,
    List<Map.Entry<String, String>> query,
    @Nullable Struct body,
    Hidden hidden) {

  public Call {
    query = List.copyOf(query);
  }

  public static Call get(String path) {
    return get(path, List.of());
  }

  public static Call get(String path, List<Map.Entry<String, String>> query) {
    return new Call("GET", path, query, null, Hidden.NOTHING);
  }

  /// Lists what is below a path.
  public static Call list(String path) {
    return get(path, List.of(Map.entry("list", "true")));
  }

  /// Writes; every value of the content is taken for a secret.
  public static Call put(String path, Struct body) {
    return put(path, body, Hidden.valuesOf(body));
  }

  public static Call put(String path, Struct body, Hidden hidden) {
    return new Call("PUT", path, List.of(), body, hidden);
  }

  public static Call delete(String path) {
    return new Call("DELETE", path, List.of(), null, Hidden.NOTHING);
  }

  /// What it is in metrics, by the names of the original.
  String label() {
    if (path.startsWith("auth/token/")) {
      return switch (path.substring("auth/token/".length())) {
        case "lookup-self" -> "LookupSelf";
        case "renew-self" -> "RenewSelf";
        case "revoke-self" -> "RevokeSelf";
        default -> "Login";
      };
    }
    if (path.startsWith("auth/")) {
      return "Login";
    }
    return switch (method) {
      case "GET" ->
          query.stream().anyMatch(each -> each.getKey().equals("list"))
              ? "ListSecrets"
              : "ReadSecretData";
      case "DELETE" -> "DeleteSecret";
      default -> "WriteSecretData";
    };
  }

  /// Without the content, which may have secrets.
  @Override
  public String toString() {
    return method + " " + path;
  }
}

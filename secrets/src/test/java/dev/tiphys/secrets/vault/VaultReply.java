package dev.tiphys.secrets.vault;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import java.util.List;
import java.util.Map;

/// An answer.
///
/// @param body empty for none
public record VaultReply(int status, String body, Map<String, String> headers) {

  static final VaultReply NOTHING = new VaultReply(204, "", Map.of());
  static final VaultReply MISSING = failure(404);
  static final VaultReply FORBIDDEN = failure(403, "permission denied");

  private static StructBuilder whole() {
    return new StructBuilder()
        .add("request_id", "00000000-0000-0000-0000-000000000000")
        .add("lease_id", "")
        .add("renewable", false)
        .add("lease_duration", 0L)
        .add("data", Null.NULL)
        .add("wrap_info", Null.NULL)
        .add("warnings", Null.NULL)
        .add("auth", Null.NULL);
  }

  static VaultReply data(Struct data) {
    return data(200, data);
  }

  static VaultReply data(int status, Struct data) {
    return of(status, whole().add("data", data));
  }

  static VaultReply auth(Struct auth) {
    return of(200, whole().add("auth", auth));
  }

  static VaultReply lease(String id, boolean renewable, long seconds, Object data) {
    return of(
        200,
        whole()
            .add("lease_id", id)
            .add("renewable", renewable)
            .add("lease_duration", seconds)
            .add("data", data));
  }

  static VaultReply warning(int status, String warning) {
    return of(status, whole().add("warnings", List.of(warning)));
  }

  static VaultReply failure(int status, String... errors) {
    return new VaultReply(status, Json.text(Struct.of("errors", List.of(errors))), Map.of());
  }

  private static VaultReply of(int status, StructBuilder body) {
    return new VaultReply(status, Json.text(body.build()), Map.of());
  }

  VaultReply with(String header, String value) {
    return new VaultReply(status, body, Map.of(header, value));
  }
}

package dev.tiphys.apiserver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Requests in the name of any user, sent by an administrator.
///
/// @param wire of the administrator
/// @param headers that say which user
record Acting(Wire wire, List<String> headers) {

  /// @param groups besides those that all users of the kind have
  static Acting as(Wire wire, String user, String... groups) {
    List<String> headers = new ArrayList<>(List.of("Impersonate-User", user));
    for (String group : groups) {
      headers.add("Impersonate-Group");
      headers.add(group);
    }
    return new Acting(wire, headers);
  }

  static Acting node(Wire wire, String name) {
    return as(wire, "system:node:" + name, "system:nodes");
  }

  Wire.Answer get(String path) throws IOException, InterruptedException {
    return send("GET", path, "");
  }

  Wire.Answer post(String path, String single) throws IOException, InterruptedException {
    return send("POST", path, single);
  }

  /// @param more names and values of header fields in turn
  Wire.Answer send(String method, String path, String single, String... more)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(headers);
    all.addAll(List.of(more));
    return wire.send(method, path, Wire.json(single), all.toArray(String[]::new));
  }
}

package dev.tiphys.network.router.filters;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Names and what their passwords are checked by, as htdigest writes it.
///
/// @param byName the digest of name, realm and password (RFC 7616, 3.4.2), for each name and realm
public record DigestUsers(Map<Key, String> byName) {

  /// What a password belongs to.
  public record Key(String name, String realm) {}

  public DigestUsers {
    byName = Map.copyOf(byName);
  }

  /// Reads a file: a line each, name, realm and digest separated by colons.
  public static DigestUsers ofFile(String text) {
    Map<Key, String> read = new HashMap<>();
    for (String line : text.split("\n", -1)) {
      String[] parts = line.strip().split(":", -1);
      if (parts.length >= 3 && parts[2].matches("[0-9a-fA-F]{32}")) {
        read.putIfAbsent(new Key(parts[0], parts[1]), parts[2]);
      }
    }
    return new DigestUsers(read);
  }

  @Nullable String find(String name, String realm) {
    return byName.get(new Key(name, realm));
  }
}

package dev.tiphys.node.volumes.iscsi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How a node and a target prove to each other who they are (RFC 7143, CHAP).
///
/// @param discovery whether it is asked for where targets are found
/// @param session whether it is asked for by the target itself
/// @param secret names and passwords, by the settings of `iscsiadm` that they are for
record Chap(boolean discovery, boolean session, Map<String, String> secret) {

  private static final List<String> PARTS =
      List.of("username", "password", "username_in", "password_in");

  Chap {
    secret = Map.copyOf(secret);
  }

  /// What is set where targets are found.
  Map<String, String> ofDiscovery() {
    return discovery ? settings("discovery.sendtargets.auth.") : Map.of();
  }

  /// What is set for sessions.
  Map<String, String> ofSession() {
    return session ? settings("node.session.auth.") : Map.of();
  }

  private Map<String, String> settings(String prefix) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(prefix + "authmethod", "CHAP");
    for (String part : PARTS) {
      String value = secret.getOrDefault(prefix + part, "");
      if (!value.isEmpty()) {
        settings.put(prefix + part, value);
      }
    }
    return settings;
  }

  /// Secrets are not to be seen wherever this is printed.
  @Override
  public String toString() {
    return "Chap[discovery=%s, session=%s]".formatted(discovery, session);
  }
}

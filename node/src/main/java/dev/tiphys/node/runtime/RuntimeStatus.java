package dev.tiphys.node.runtime;

import java.util.List;

/// What a runtime says of itself.
///
/// @param conditions at least `RuntimeReady` and `NetworkReady`
public record RuntimeStatus(List<Condition> conditions) {

  public static final String RUNTIME_READY = "RuntimeReady";
  public static final String NETWORK_READY = "NetworkReady";

  /// One thing that can be so or not.
  ///
  /// @param reason one word that says why not, or empty
  /// @param message a sentence that says why not, or empty
  public record Condition(String type, boolean status, String reason, String message) {}

  public RuntimeStatus {
    conditions = List.copyOf(conditions);
  }

  /// Whether containers can be run.
  public boolean runtimeReady() {
    return is(RUNTIME_READY);
  }

  /// Whether sandboxes can have a network of their own.
  public boolean networkReady() {
    return is(NETWORK_READY);
  }

  private boolean is(String type) {
    return conditions.stream().anyMatch(c -> c.type().equals(type) && c.status());
  }
}

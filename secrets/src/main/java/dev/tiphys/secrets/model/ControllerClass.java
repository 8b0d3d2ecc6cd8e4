package dev.tiphys.secrets.model;

/// Which of several controllers a store or a generator is for: its `spec.controller`.
public final class ControllerClass {

  private static final String OWN = "default";

  private ControllerClass() {}

  /// @param name empty for any
  public static boolean isOurs(String name) {
    return name.isEmpty() || name.equals(OWN);
  }
}

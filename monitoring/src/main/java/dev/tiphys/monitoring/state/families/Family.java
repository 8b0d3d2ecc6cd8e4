package dev.tiphys.monitoring.state.families;

/// A family of metrics about objects of one kind.
///
/// @param type as in the text format
/// @param help what it tells
public record Family(String name, String type, String help, Rule rule) {

  static Family gauge(String name, String help, Rule rule) {
    return new Family(name, "gauge", help, rule);
  }

  static Family counter(String name, String help, Rule rule) {
    return new Family(name, "counter", help, rule);
  }

  /// What comes before its samples.
  public String head() {
    return "# HELP %s %s\n# TYPE %s %s\n".formatted(name, help, name, type);
  }
}

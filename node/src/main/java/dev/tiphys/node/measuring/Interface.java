package dev.tiphys.node.measuring;

/// What went through an interface of a network.
///
/// @param name of the interface
record Interface(String name, Direction received, Direction sent) {

  /// @param name `receive` or `transmit`
  record Direction(String name, long bytes, long packets, long errors, long dropped) {}

  /// Where what was sent begins among the numbers of an interface.
  private static final int SENT = 8;

  /// Reads a line of `/proc/net/dev`.
  static Interface of(String line) {
    int colon = line.lastIndexOf(':');
    String[] counts = line.substring(colon + 1).strip().split("\\s+");
    return new Interface(
        line.substring(0, colon).strip(),
        direction("receive", counts, 0),
        direction("transmit", counts, SENT));
  }

  private static Direction direction(String name, String[] counts, int first) {
    return new Direction(
        name,
        Long.parseLong(counts[first]),
        Long.parseLong(counts[first + 1]),
        Long.parseLong(counts[first + 2]),
        Long.parseLong(counts[first + 3]));
  }
}

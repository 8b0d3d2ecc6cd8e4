package dev.tiphys.network.nftables;

/// Where a chain by which packets enter a table stands in their way.
///
/// @param type `filter`, `nat` or `route`
/// @param point when a packet comes by
/// @param priority lower ones come first
/// @param drops whether a packet that no rule decided on is dropped
public record Hook(String type, Point point, int priority, boolean drops) {

  /// The points at which the kernel asks.
  public enum Point {
    PREROUTING,
    INPUT,
    FORWARD,
    OUTPUT,
    POSTROUTING
  }

  /// Before addresses of destinations are rewritten.
  public static final int RAW = -300;

  /// When addresses of destinations are rewritten.
  public static final int DESTINATION = -100;

  /// When packets are let through or not.
  public static final int FILTER = 0;

  /// When addresses of sources are rewritten.
  public static final int SOURCE = 100;

  /// A chain that lets through what no rule decided on.
  public static Hook of(String type, Point point, int priority) {
    return new Hook(type, point, priority, false);
  }
}

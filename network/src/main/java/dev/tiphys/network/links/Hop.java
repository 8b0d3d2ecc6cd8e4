package dev.tiphys.network.links;

/// How packets to an address leave this machine.
public sealed interface Hop {

  /// They do not: it is one of this machine's.
  record Here() implements Hop {}

  /// To that machine itself.
  ///
  /// @param link the index of the link that both are on
  record OnLink(int link) implements Hop {}

  /// By way of another machine.
  record Routed() implements Hop {}

  /// Not at all.
  record Nowhere() implements Hop {}
}

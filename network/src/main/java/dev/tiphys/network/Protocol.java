package dev.tiphys.network;

import org.jspecify.annotations.Nullable;

/// The protocols above IP that have ports, as Services and Pods name them.
public enum Protocol {
  TCP(6),
  UDP(17),
  SCTP(132);

  private final int number;

  Protocol(int number) {
    this.number = number;
  }

  /// As the header of a packet has it.
  public int number() {
    return number;
  }

  /// The protocol of this name, TCP for none; null for one that is not known.
  public static @Nullable Protocol of(String name) {
    return switch (name) {
      case "", "TCP" -> TCP;
      case "UDP" -> UDP;
      case "SCTP" -> SCTP;
      default -> null;
    };
  }
}

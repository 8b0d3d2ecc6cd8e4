package dev.tiphys.network.dns.message;

import org.jspecify.annotations.Nullable;

/// How a query ended.
public enum Rcode {
  NOERROR(0),
  FORMERR(1),
  SERVFAIL(2),
  NXDOMAIN(3),
  NOTIMP(4),
  REFUSED(5),
  BADVERS(16);

  private final int number;

  Rcode(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /// The one with this number in a header; null if it is none of these.
  static @Nullable Rcode of(int number) {
    for (Rcode each : values()) {
      if (each.number == number) {
        return each;
      }
    }
    return null;
  }
}

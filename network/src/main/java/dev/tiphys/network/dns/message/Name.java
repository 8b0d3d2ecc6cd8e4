package dev.tiphys.network.dns.message;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A domain name. Names that differ in case only are one: it is kept in lower case, as it is on the
/// wire but for pointers.
public final class Name {

  /// How long a name may be on the wire.
  static final int LONGEST = 255;

  private static final int LONGEST_LABEL = 63;

  /// The name of no labels, above all others.
  public static final Name ROOT = new Name(new byte[1]);

  private final byte[] wire;
  private final int hash;

  /// @param wire labels in lower case, and the empty one; becomes the name's own
  Name(byte[] wire) {
    this.wire = wire;
    this.hash = Arrays.hashCode(wire);
  }

  /// The name that a text spells, with or without a dot at its end.
  ///
  /// @throws IllegalArgumentException if it is none
  public static Name of(String text) {
    Name name = parse(text);
    if (name == null) {
      throw new IllegalArgumentException("no domain name: " + text);
    }
    return name;
  }

  /// The name that a text spells, or null if it is none.
  public static @Nullable Name parse(String text) {
    String labels = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    return labels.isEmpty() ? (text.isEmpty() ? null : ROOT) : ROOT.childOrNull(labels);
  }

  /// The name of an address in the zones of addresses (RFC 1035, RFC 3596).
  public static Name ofAddress(InetAddress address) {
    byte[] bytes = address.getAddress();
    StringBuilder name = new StringBuilder(74);
    for (int i = bytes.length - 1; i >= 0; i--) {
      int value = bytes[i] & 0xff;
      if (bytes.length == 4) {
        name.append(value).append('.');
      } else {
        name.append(Character.forDigit(value & 0xf, 16)).append('.');
        name.append(Character.forDigit(value >> 4, 16)).append('.');
      }
    }
    return of(name.append(bytes.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString());
  }

  /// A name below this one.
  ///
  /// @param labels one or more, with dots between them
  /// @throws IllegalArgumentException if that is no name
  public Name child(String labels) {
    Name child = childOrNull(labels);
    if (child == null) {
      throw new IllegalArgumentException("no domain name: " + labels + " below " + this);
    }
    return child;
  }

  private @Nullable Name childOrNull(String labels) {
    byte[] text = labels.getBytes(StandardCharsets.UTF_8);
    byte[] name = new byte[text.length + 1 + wire.length];
    if (name.length > LONGEST) {
      return null;
    }
    int start = 0;
    for (int i = 0; i <= text.length; i++) {
      if (i == text.length || text[i] == '.') {
        int length = i - start;
        if (length == 0 || length > LONGEST_LABEL) {
          return null;
        }
        name[start] = (byte) length;
        start = i + 1;
      } else {
        name[i + 1] = lower(text[i]);
      }
    }
    System.arraycopy(wire, 0, name, text.length + 1, wire.length);
    return new Name(name);
  }

  static byte lower(byte character) {
    return character >= 'A' && character <= 'Z' ? (byte) (character + 'a' - 'A') : character;
  }

  /// How many bytes it takes on the wire.
  int length() {
    return wire.length;
  }

  /// As it is on the wire, without pointers.
  public byte[] bytes() {
    return wire.clone();
  }

  byte byteAt(int index) {
    return wire[index];
  }

  /// How many labels it has; the root has none.
  public int labels() {
    int count = 0;
    for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
      count++;
    }
    return count;
  }

  /// Its first label. The root has none.
  public String first() {
    return new String(wire, 1, wire[0], StandardCharsets.UTF_8);
  }

  /// The name without its first label. The root has none.
  public Name parent() {
    return new Name(Arrays.copyOfRange(wire, wire[0] + 1, wire.length));
  }

  /// Whether it is `zone` or below it.
  public boolean isIn(Name zone) {
    int start = wire.length - zone.wire.length;
    if (start < 0 || !Arrays.equals(wire, start, wire.length, zone.wire, 0, zone.wire.length)) {
      return false;
    }
    int at = 0;
    while (at < start) {
      at += wire[at] + 1;
    }
    return at == start;
  }

  /// The labels of this name before those of `zone`, in which it must be.
  public Name relativeTo(Name zone) {
    byte[] own = Arrays.copyOf(wire, wire.length - zone.wire.length + 1);
    own[own.length - 1] = 0;
    return new Name(own);
  }

  /// This name with another one behind it; null if that is too long for a name.
  public @Nullable Name in(Name zone) {
    int own = wire.length - 1;
    if (own + zone.wire.length > LONGEST) {
      return null;
    }
    byte[] joined = Arrays.copyOf(wire, own + zone.wire.length);
    System.arraycopy(zone.wire, 0, joined, own, zone.wire.length);
    return new Name(joined);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Name that && hash == that.hash && Arrays.equals(wire, that.wire);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /// With a dot at its end.
  @Override
  public String toString() {
    if (wire.length == 1) {
      return ".";
    }
    StringBuilder text = new StringBuilder(wire.length);
    for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
      text.append(new String(wire, at + 1, wire[at], StandardCharsets.UTF_8)).append('.');
    }
    return text.toString();
  }
}

package dev.tiphys.cel.library;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Range;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.eval.Values;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.IpRange;

/// IP addresses and ranges of them.
final class Addresses {

  private static final Type IP = Type.opaque("net.IP");
  private static final Type CIDR = Type.opaque("net.CIDR");
  private static final Range OCTETS = new Range(4, 16);

  private Addresses() {}

  private record Ip(IpAddress address) implements Values.Sized {

    @Override
    public Type type() {
      return IP;
    }

    @Override
    public int size() {
      return address.bytes().length;
    }
  }

  private record Cidr(IpRange range) implements Values.Sized {

    @Override
    public Type type() {
      return CIDR;
    }

    @Override
    public int size() {
      return (range.length() + 7) / 8;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Cidr(IpRange second)
          && range.length() == second.length()
          && range.address().equals(second.address());
    }

    @Override
    public int hashCode() {
      return range.length();
    }

    boolean contains(IpAddress address) {
      return address.family() == range.address().family()
          && address.masked(range.length()).equals(range.first());
    }

    @Override
    public String toString() {
      return range.address() + "/" + range.length();
    }
  }

  static Functions functions() {
    Price read = Prices.reading(1, false);
    Price nominal = Price.NOMINAL;
    Type text = Type.STRING;
    Type bool = Type.BOOL;
    return new Functions()
        .addType(IP)
        .addType(CIDR)
        .add("ip", IP, read, a -> ip(Strings.text(a, 0)), text)
        .add("isIP", bool, read, a -> isIp(Strings.text(a, 0)), text)
        .add("ip.isCanonical", bool, Prices.reading(2, false), Addresses::isCanonical, text)
        .add("string", text, nominal, a -> address(a).toString(), IP)
        .addMember("family", Type.INT, nominal, a -> (long) address(a).family(), IP)
        .addMember("isUnspecified", bool, nominal, a -> address(a).isUnspecified(), IP)
        .addMember("isLoopback", bool, nominal, a -> address(a).isLoopback(), IP)
        .addMember(
            "isLinkLocalMulticast", bool, nominal, a -> address(a).isLinkLocalMulticast(), IP)
        .addMember("isLinkLocalUnicast", bool, nominal, a -> address(a).isLinkLocal(), IP)
        .addMember("isGlobalUnicast", bool, nominal, a -> isGlobal(address(a)), IP)
        .add("cidr", CIDR, read, a -> cidr(Strings.text(a, 0)), text)
        .add("isCIDR", bool, read, a -> isCidr(Strings.text(a, 0)), text)
        .add("string", text, nominal, a -> a[0].toString(), CIDR)
        .addMember("ip", IP, nominal, a -> new Ip(range(a).address()), CIDR)
        .addMember("prefixLength", Type.INT, nominal, a -> (long) range(a).length(), CIDR)
        .addMember("masked", CIDR, nominal, a -> new Cidr(range(a).masked()), CIDR)
        .addMember("containsIP", bool, within(false, false), Addresses::containsIp, CIDR, IP)
        .addMember("containsIP", bool, within(false, true), Addresses::containsIp, CIDR, text)
        .addMember("containsCIDR", bool, within(true, false), Addresses::containsCidr, CIDR, CIDR)
        .addMember("containsCIDR", bool, within(true, true), Addresses::containsCidr, CIDR, text);
  }

  private static IpAddress address(Object[] arguments) {
    return ((Ip) arguments[0]).address();
  }

  private static IpRange range(Object[] arguments) {
    return ((Cidr) arguments[0]).range();
  }

  private static Ip ip(String text) {
    if (text.indexOf('%') >= 0 && text.indexOf(':') >= 0) {
      throw new EvaluationException(
          "IP address " + Strings.quoted(text) + " with zone value is not allowed");
    }
    IpAddress address = IpAddress.parse(text);
    if (address == null || address.hasLeadingZeros()) {
      throw new EvaluationException(
          "IP Address "
              + Strings.quoted(text)
              + " parse error during conversion from string: ParseAddr("
              + Strings.quoted(text)
              + "): "
              + problem(text, address));
    }
    return new Ip(unmapped(text, address));
  }

  private static String problem(String text, @org.jspecify.annotations.Nullable IpAddress address) {
    if (address != null) {
      return "IPv4 field has octet with leading zero";
    }
    return text.indexOf('.') < 0 && text.indexOf(':') < 0
        ? "unable to parse IP"
        : "unexpected character";
  }

  private static IpAddress unmapped(String text, IpAddress address) {
    if (address.isMapped()) {
      throw new EvaluationException(
          "IPv4-mapped IPv6 address " + Strings.quoted(text) + " is not allowed");
    }
    return address;
  }

  private static boolean isIp(String text) {
    try {
      return ip(text).size() > 0;
    } catch (EvaluationException e) {
      return false;
    }
  }

  private static Object isCanonical(Object[] a) {
    return ip(Strings.text(a, 0)).address().toString().equals(a[0]);
  }

  private static boolean isGlobal(IpAddress address) {
    byte[] octets = address.bytes();
    boolean multicast = octets.length == 4 ? (octets[0] & 0xf0) == 0xe0 : octets[0] == -1;
    boolean broadcast = address.toString().equals("255.255.255.255");
    return !multicast
        && !broadcast
        && !address.isUnspecified()
        && !address.isLoopback()
        && !address.isLinkLocal();
  }

  private static Cidr cidr(String text) {
    String head = "network address parse error during conversion from string: ";
    IpRange range = IpRange.parse(text);
    if (range == null || range.hasLeadingZeros()) {
      String problem = text.indexOf('/') < 0 ? "no '/'" : "bad address or bits after slash";
      throw new EvaluationException(
          head + head + "netip.ParsePrefix(" + Strings.quoted(text) + "): " + problem);
    }
    if (range.address().isMapped()) {
      throw new EvaluationException(
          head + "IPv4-mapped IPv6 address " + Strings.quoted(text) + " is not allowed");
    }
    return new Cidr(range);
  }

  private static boolean isCidr(String text) {
    try {
      return cidr(text).size() >= 0;
    } catch (EvaluationException e) {
      return false;
    }
  }

  private static Object containsIp(Object[] a) {
    Ip ip = a[1] instanceof String text ? ip(text) : (Ip) a[1];
    return ((Cidr) a[0]).contains(ip.address());
  }

  private static Object containsCidr(Object[] a) {
    Cidr inner = a[1] instanceof String text ? cidr(text) : (Cidr) a[1];
    Cidr outer = (Cidr) a[0];
    return outer.range().length() <= inner.range().length()
        && outer.contains(inner.range().address());
  }

  /// @param masks whether a range is looked for, not an address
  /// @param reads whether it has to be read first
  private static Price within(boolean masks, boolean reads) {
    return Prices.of(
        operands -> {
          Range cost = OCTETS.plus(OCTETS).times(Price.PER_CHARACTER);
          if (masks) {
            cost = cost.plus(OCTETS.times(Price.PER_CHARACTER)).plus(Range.ONE);
          }
          if (reads) {
            cost = cost.plus(operands.get(1).size().times(Price.PER_CHARACTER));
          }
          return Prices.estimate(cost, null);
        },
        (a, _) -> {
          long size = Values.size(a[0]);
          long mask = masks ? Range.times(size, Price.PER_CHARACTER) + 1 : 0;
          long read = reads ? Range.times(Values.size(a[1]), Price.PER_CHARACTER) : 0;
          return Range.times(2 * size, Price.PER_CHARACTER) + mask + read;
        });
  }
}

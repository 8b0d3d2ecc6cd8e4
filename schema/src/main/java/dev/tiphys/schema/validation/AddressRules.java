package dev.tiphys.schema.validation;

import dev.tiphys.object.IpAddress;
import dev.tiphys.object.IpRange;
import dev.tiphys.object.Struct;
import java.util.List;

/// Rules for IP addresses and for ranges of them.
public final class AddressRules {

  private AddressRules() {}

  /// An address in a field that is older than the strict form: what is there may stay.
  ///
  /// @param kept the addresses that need not be checked since they are not new
  public static boolean address(FieldValue value, List<?> kept) {
    return kept.contains(value.string()) || address(value);
  }

  public static boolean address(FieldValue value) {
    String text = value.string();
    IpAddress address = IpAddress.parse(text);
    if (address == null) {
      value.invalid(text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
      return false;
    }
    if (address.hasLeadingZeros()) {
      value.invalid("must not have leading 0s");
      return false;
    }
    if (address.isMapped()) {
      value.invalid("must not be an IPv4-mapped IPv6 address");
      return false;
    }
    return true;
  }

  /// An address, written the one way it is to be written.
  public static boolean canonicalAddress(FieldValue value) {
    if (!address(value)) {
      return false;
    }
    String canonical = IpAddress.of(value.string()).toString();
    if (!canonical.equals(value.string())) {
      value.invalid("must be in canonical form (" + GoText.quoted(canonical) + ")");
      return false;
    }
    return true;
  }

  /// What is wrong with an address that is to be written the one way.
  public static List<String> canonicalForm(String text) {
    FieldErrors errors = new FieldErrors();
    canonicalAddress(FieldValue.top(errors, Struct.EMPTY).holding(text));
    return errors.list().stream().map(FieldError::detail).toList();
  }

  /// An address that packets can be sent to from elsewhere.
  public static void ordinaryAddress(FieldValue value) {
    IpAddress address = IpAddress.parse(value.string());
    if (address == null) {
      value.invalid("must be a valid IP address");
      return;
    }
    if (address.isUnspecified()) {
      value.invalid("may not be unspecified (" + value.string() + ")");
    }
    if (address.isLoopback()) {
      value.invalid("may not be in the loopback range (127.0.0.0/8, ::1/128)");
    }
    if (address.isLinkLocal()) {
      value.invalid("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
    }
    if (address.isLinkLocalMulticast()) {
      value.invalid("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    }
  }

  /// A range in a field that is older than the strict form: what is there may stay.
  public static boolean range(FieldValue value, List<?> kept) {
    return kept.contains(value.string()) || range(value);
  }

  public static boolean range(FieldValue value) {
    String text = value.string();
    IpRange range = IpRange.parse(text);
    if (range == null) {
      value.invalid(text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
      return false;
    }
    if (range.hasLeadingZeros()) {
      value.invalid("must not have leading 0s in IP or prefix length");
      return false;
    }
    if (range.address().isMapped()) {
      value.invalid("must not have an IPv4-mapped IPv6 address");
      return false;
    }
    if (!range.address().equals(range.first())) {
      value.invalid("must not have bits set beyond the prefix length");
      return false;
    }
    return true;
  }

  /// A range, written the one way it is to be written.
  public static boolean canonicalRange(FieldValue value) {
    if (!range(value)) {
      return false;
    }
    String canonical = IpRange.of(value.string()).toString();
    if (!canonical.equals(value.string())) {
      value.invalid("must be in canonical form (" + GoText.quoted(canonical) + ")");
      return false;
    }
    return true;
  }

  /// Whether these are one range of each family.
  public static boolean areRangesOfEach(List<String> ranges) {
    return areOneOfEach(
        ranges.stream()
            .map(range -> range.indexOf('/') < 0 ? "" : range.substring(0, range.indexOf('/')))
            .toList());
  }

  /// Whether these are one address of each family.
  public static boolean areOneOfEach(List<String> addresses) {
    if (addresses.size() != 2) {
      return false;
    }
    IpAddress first = IpAddress.parse(addresses.get(0));
    IpAddress second = IpAddress.parse(addresses.get(1));
    return first != null && second != null && first.family() != second.family();
  }
}

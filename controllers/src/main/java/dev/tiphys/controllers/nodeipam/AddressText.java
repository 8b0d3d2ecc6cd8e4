package dev.tiphys.controllers.nodeipam;

import java.util.ArrayList;
import java.util.List;

/// Addresses in their canonical form: for IPv6 that of RFC 5952.
final class AddressText {

  private AddressText() {}

  static String of(byte[] address) {
    return address.length == 4 ? ofIpv4(address) : ofIpv6(address);
  }

  private static String ofIpv4(byte[] address) {
    List<String> numbers = new ArrayList<>();
    for (byte number : address) {
      numbers.add(Integer.toString(number & 255));
    }
    return String.join(".", numbers);
  }

  private static String ofIpv6(byte[] address) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (address[2 * i] & 255) << 8 | address[2 * i + 1] & 255;
    }
    int start = -1;
    int length = 1; // a single group of zeros is written out
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
    }
    if (start < 0) {
      return joined(groups, 0, 8);
    }
    return joined(groups, 0, start) + "::" + joined(groups, start + length, 8);
  }

  private static String joined(int[] groups, int from, int to) {
    List<String> texts = new ArrayList<>();
    for (int i = from; i < to; i++) {
      texts.add(Integer.toHexString(groups[i]));
    }
    return String.join(":", texts);
  }
}

package dev.tiphys.network.ingress.annotations;

import java.util.Locale;

/// Reads sizes as nginx writes them: `8k`, `1m`, `2g`.
final class Sizes {

  private Sizes() {}

  /// @return in bytes; -1 if it is none
  static long parse(String text) {
    String size = text.toLowerCase(Locale.ROOT);
    if (!size.matches("\\d{1,12}[kmgb]?")) {
      return -1;
    }
    char unit = size.charAt(size.length() - 1);
    if (Character.isDigit(unit)) {
      return Long.parseLong(size);
    }
    long number = Long.parseLong(size.substring(0, size.length() - 1));
    return switch (unit) {
      case 'k' -> number << 10;
      case 'm' -> number << 20;
      case 'g' -> number << 30;
      default -> number;
    };
  }
}

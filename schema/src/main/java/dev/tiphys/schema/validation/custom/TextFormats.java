package dev.tiphys.schema.validation.custom;

import dev.tiphys.cel.Regex;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.IpRange;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.validation.Formats;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The formats of texts that schemas of custom kinds can ask for. Formats that are not known ask
/// for nothing.
final class TextFormats {

  private static final Set<String> OF_INTEGERS = Set.of("int32", "int64");
  private static final Set<String> OF_NUMBERS = Set.of("float", "double");
  private static final String HEX = "[0-9a-f]";
  private static final String BYTE = "(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])";

  private static final Map<String, Predicate<String>> FORMATS =
      Map.ofEntries(
          Map.entry("bsonobjectid", pattern("(?i)^[0-9a-f]{24}$")),
          Map.entry("uri", TextFormats::isUri),
          Map.entry("email", TextFormats::isEmail),
          Map.entry("hostname", TextFormats::isHostname),
          Map.entry("ipv4", text -> text.indexOf('.') >= 0 && IpAddress.parse(text) != null),
          Map.entry("ipv6", text -> text.indexOf(':') >= 0 && IpAddress.parse(text) != null),
          Map.entry("cidr", text -> IpRange.parse(text) != null),
          Map.entry("mac", TextFormats::isMac),
          Map.entry("uuid", uuid(HEX, HEX)),
          Map.entry("uuid3", uuid("3", HEX)),
          Map.entry("uuid4", uuid("4", "[89ab]")),
          Map.entry("uuid5", uuid("5", "[89ab]")),
          Map.entry("isbn", text -> isIsbn10(text) || isIsbn13(text)),
          Map.entry("isbn10", TextFormats::isIsbn10),
          Map.entry("isbn13", TextFormats::isIsbn13),
          Map.entry("creditcard", TextFormats::isCreditCard),
          Map.entry("ssn", pattern("^\\d{3}[- ]?\\d{2}[- ]?\\d{4}$")),
          Map.entry("hexcolor", pattern("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$")),
          Map.entry(
              "rgbcolor",
              pattern("^rgb\\(\\s*" + String.join("\\s*,\\s*", BYTE, BYTE, BYTE) + "\\s*\\)$")),
          Map.entry(
              "byte",
              pattern(
                  "^(?:[A-Za-z0-9+/]{4})*"
                      + "(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$")),
          Map.entry("password", _ -> true),
          Map.entry("date", TextFormats::isDate),
          Map.entry("duration", TextFormats::isDuration),
          Map.entry("datetime", TextFormats::isTime),
          Map.entry("k8sshortname", text -> Formats.dnsLabel(text).isEmpty()),
          Map.entry("k8slongname", text -> Formats.dnsSubdomain(text).isEmpty()));

  private TextFormats() {}

  /// The format that a schema asks for; empty if it asks for none, or for one that is not known.
  static String known(Struct schema) {
    String format = schema.string("format");
    if (format.isEmpty()) {
      return "";
    }
    boolean known =
        switch (schema.string("type")) {
          case "", "string" -> isForText(format);
          case "integer" -> OF_INTEGERS.contains(format);
          case "number" -> OF_NUMBERS.contains(format);
          default -> false;
        };
    return known ? format : "";
  }

  /// Whether it is a format of texts, with or without its dashes.
  static boolean isForText(String format) {
    return FORMATS.containsKey(plain(format));
  }

  static boolean isValid(String format, String text) {
    Predicate<String> test = FORMATS.get(plain(format));
    return test == null || test.test(text);
  }

  private static String plain(String format) {
    return format.indexOf('-') < 0 ? format : format.replace("-", "");
  }

  private static Predicate<String> pattern(String expression) {
    return Regex.of(expression)::matches;
  }

  private static Predicate<String> uuid(String version, String variant) {
    return pattern(
        "(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?"
            + version
            + "[0-9a-f]{3}-?"
            + variant
            + "[0-9a-f]{3}-?[0-9a-f]{12}$");
  }

  private static final Regex SCHEME = Regex.of("^[a-zA-Z][a-zA-Z0-9+.-]*:");
  private static final Regex ESCAPE = Regex.of("%([^0-9a-fA-F]|.[^0-9a-fA-F]|.?$)");
  private static final Regex AUTHORITY =
      Regex.of("^//([^/@]*@)?(\\[[^\\]/]*\\]|[^/:\\[\\] \"<>\\\\^`{|}]*)(:[0-9]*)?(/|$)");

  /// A URI with a scheme, or a path from the root.
  private static boolean isUri(String text) {
    if (text.isEmpty() || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
      return false;
    }
    boolean absolute = SCHEME.matches(text);
    String rest = absolute ? text.substring(text.indexOf(':') + 1) : text;
    if (!rest.startsWith("/")) {
      return absolute;
    }
    int query = rest.indexOf('?');
    String path = query < 0 ? rest : rest.substring(0, query);
    boolean place = path.startsWith("//") && (absolute || !path.startsWith("///"));
    return !ESCAPE.matches(path) && (!place || AUTHORITY.matches(path));
  }

  private static final Regex ADDRESS =
      Regex.of(
          "^([\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+(\\.[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+)*"
              + "|\"(\\\\.|[^\"\\\\\\r\\n])*\")@"
              + "([\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+(\\.[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+)*"
              + "|\\[[^\\]\\[\\\\]*\\])$");

  /// An address, alone or in angle brackets behind a name.
  private static boolean isEmail(String text) {
    String stripped = text.strip();
    int open = stripped.lastIndexOf('<');
    if (open >= 0 && stripped.endsWith(">")) {
      stripped = stripped.substring(open + 1, stripped.length() - 1);
    }
    return ADDRESS.matches(stripped);
  }

  private static final Regex HOSTNAME =
      Regex.of(
          "^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)"
              + "|([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}"
              + "[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$");

  private static boolean isHostname(String text) {
    if (Formats.byteLength(text) > 255 || !HOSTNAME.matches(text)) {
      return false;
    }
    for (String label : text.split("\\.", -1)) {
      if (Formats.byteLength(label) > 63) {
        return false;
      }
    }
    return true;
  }

  private static final Regex MAC =
      Regex.of(
          "(?i)^([0-9a-f]{2}(:[0-9a-f]{2})+|[0-9a-f]{2}(-[0-9a-f]{2})+"
              + "|[0-9a-f]{4}(\\.[0-9a-f]{4})+)$");

  private static boolean isMac(String text) {
    long digits = text.chars().filter(c -> Character.digit(c, 16) >= 0).count();
    return MAC.matches(text) && (digits == 12 || digits == 16 || digits == 40);
  }

  private static String digits(String text) {
    return text.replaceAll("[\\s-]+", "");
  }

  private static boolean isIsbn10(String text) {
    String digits = digits(text);
    if (!digits.matches("[0-9]{9}[0-9X]")) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < 10; i++) {
      sum += (i + 1) * (digits.charAt(i) == 'X' ? 10 : digits.charAt(i) - '0');
    }
    return sum % 11 == 0;
  }

  private static boolean isIsbn13(String text) {
    String digits = digits(text);
    if (!digits.matches("[0-9]{13}")) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < 13; i++) {
      sum += (i % 2 == 0 ? 1 : 3) * (digits.charAt(i) - '0');
    }
    return sum % 10 == 0;
  }

  private static final Regex CARD =
      Regex.of(
          "^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}"
              + "|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\\d{3})\\d{11})$");

  private static boolean isCreditCard(String text) {
    String digits = text.replaceAll("[^0-9]+", "");
    if (!CARD.matches(digits)) {
      return false;
    }
    int sum = 0;
    boolean doubled = false;
    for (int i = digits.length() - 1; i >= 0; i--) {
      int digit = (digits.charAt(i) - '0') * (doubled ? 2 : 1);
      sum += digit > 9 ? digit - 9 : digit;
      doubled = !doubled;
    }
    return sum % 10 == 0;
  }

  private static final Regex DATE = Regex.of("^[0-9]{4}-[0-9]{2}-[0-9]{2}$");

  private static boolean isDate(String text) {
    try {
      return DATE.matches(text) && LocalDate.parse(text).getYear() >= 0;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static final Regex CLOCK =
      Regex.of("^([0-9]{2}):([0-9]{2}):([0-9]{2})(.[0-9]+)?(z|([+-][0-9]{2}:[0-9]{2}))$");

  private static boolean isTime(String text) {
    String[] parts = text.toLowerCase(Locale.ROOT).split("t", -1);
    if (parts.length < 2 || !isDate(parts[0])) {
      return false;
    }
    String clock = parts[1];
    return CLOCK.matches(clock)
        && clock.substring(0, 2).compareTo("23") <= 0
        && clock.substring(3, 5).compareTo("59") <= 0
        && clock.substring(6, 8).compareTo("59") <= 0;
  }

  private static final Regex LONG_DURATION =
      Regex.of(
          "(?i)\\d+\\s*(ns|nano[a-z]*|us|µs|micro[a-z]*|ms|milli[a-z]*|s|sec[a-z]*|m|min[a-z]*"
              + "|h|hr|hour[a-z]*|d|day[a-z]*|w|wk|week[a-z]*)([^A-Za-zµ]|$)");

  /// A span as Go writes it, or in words: `3 days`.
  private static boolean isDuration(String text) {
    try {
      return GoDuration.parse(text) != null;
    } catch (IllegalArgumentException e) {
      return LONG_DURATION.matches(text);
    }
  }
}

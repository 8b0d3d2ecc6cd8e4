package dev.tiphys.template.time;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Layouts of times: how the reference time, Mon Jan 2 15:04:05 MST 2006, would be written.
public final class Layout {

  /// What a layout is made of, the longest first where one begins like another.
  private static final List<String> PARTS =
      List.of(
          "January",
          "Jan",
          "Monday",
          "Mon",
          "MST",
          "2006",
          "-07:00:00",
          "-070000",
          "-07:00",
          "-0700",
          "-07",
          "Z07:00:00",
          "Z070000",
          "Z07:00",
          "Z0700",
          "Z07",
          "002",
          "01",
          "02",
          "03",
          "04",
          "05",
          "06",
          "15",
          "__2",
          "_2",
          "PM",
          "pm",
          "1",
          "2",
          "3",
          "4",
          "5");

  private Layout() {}

  /// A part of a layout, or what stands between parts.
  ///
  /// @param verb empty for what stands between
  record Part(String verb, String text) {}

  static List<Part> parts(String layout) {
    List<Part> parts = new ArrayList<>();
    StringBuilder between = new StringBuilder();
    int at = 0;
    while (at < layout.length()) {
      String verb = verb(layout, at);
      if (verb.isEmpty()) {
        between.append(layout.charAt(at++));
        continue;
      }
      if (!between.isEmpty()) {
        parts.add(new Part("", between.toString()));
        between.setLength(0);
      }
      parts.add(new Part(verb, verb));
      at += verb.length();
    }
    if (!between.isEmpty()) {
      parts.add(new Part("", between.toString()));
    }
    return parts;
  }

  private static String verb(String layout, int at) {
    char c = layout.charAt(at);
    if (c == '.' || c == ',') {
      return fraction(layout, at);
    }
    for (String part : PARTS) {
      if (layout.startsWith(part, at) && isWhole(layout, at, part)) {
        return part;
      }
    }
    return "";
  }

  /// `Jan` in `January` is no part of its own, nor are `Jan` and `Mon` in words of small letters.
  private static boolean isWhole(String layout, int at, String part) {
    int end = at + part.length();
    boolean continued = end < layout.length() && Character.isLowerCase(layout.charAt(end));
    return switch (part) {
      case "Jan", "Mon" -> !continued;
      case "_2" -> !layout.startsWith("_2006", at);
      default -> true;
    };
  }

  /// `.000` or `.999` behind which no digit stands.
  private static String fraction(String layout, int at) {
    int end = at + 1;
    char digit = end < layout.length() ? layout.charAt(end) : ' ';
    if (digit != '0' && digit != '9') {
      return "";
    }
    while (end < layout.length() && layout.charAt(end) == digit) {
      end++;
    }
    boolean more = end < layout.length() && Character.isDigit(layout.charAt(end));
    return more ? "" : layout.substring(at, end);
  }

  /// A time in a layout.
  public static String format(GoTime time, String layout) {
    StringBuilder out = new StringBuilder();
    for (Part part : parts(layout)) {
      out.append(part.verb().isEmpty() ? part.text() : verb(time, part.verb()));
    }
    return out.toString();
  }

  private static String verb(GoTime time, String verb) {
    var at = time.at();
    return switch (verb) {
      case "2006" -> String.format(Locale.ROOT, "%04d", at.getYear());
      case "06" -> two(at.getYear() % 100);
      case "January" -> at.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case "Jan" -> at.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
      case "01" -> two(at.getMonthValue());
      case "1" -> Integer.toString(at.getMonthValue());
      case "Monday" -> at.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case "Mon" ->
          at.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH).substring(0, 3);
      case "02" -> two(at.getDayOfMonth());
      case "_2" -> String.format(Locale.ROOT, "%2d", at.getDayOfMonth());
      case "2" -> Integer.toString(at.getDayOfMonth());
      case "002" -> String.format(Locale.ROOT, "%03d", at.getDayOfYear());
      case "__2" -> String.format(Locale.ROOT, "%3d", at.getDayOfYear());
      case "15" -> two(at.getHour());
      case "03" -> two((at.getHour() + 11) % 12 + 1);
      case "3" -> Integer.toString((at.getHour() + 11) % 12 + 1);
      case "04" -> two(at.getMinute());
      case "4" -> Integer.toString(at.getMinute());
      case "05" -> two(at.getSecond());
      case "5" -> Integer.toString(at.getSecond());
      case "PM" -> at.getHour() >= 12 ? "PM" : "AM";
      case "pm" -> at.getHour() >= 12 ? "pm" : "am";
      case "MST" -> zone(time);
      default ->
          verb.charAt(0) == '.' || verb.charAt(0) == ','
              ? fraction(at.getNano(), verb)
              : offset(at.getOffset().getTotalSeconds(), verb);
    };
  }

  private static String two(int number) {
    return String.format(Locale.ROOT, "%02d", number);
  }

  private static String zone(GoTime time) {
    if (!time.zoneName().isEmpty()) {
      return time.zoneName();
    }
    return offset(time.at().getOffset().getTotalSeconds(), "-0700");
  }

  private static String fraction(int nanoseconds, String verb) {
    int digits = verb.length() - 1;
    String all = String.format(Locale.ROOT, "%09d", nanoseconds);
    String text = all.substring(0, Math.min(digits, 9)) + "0".repeat(Math.max(0, digits - 9));
    if (verb.charAt(1) == '9') {
      text = text.replaceFirst("0+$", "");
      return text.isEmpty() ? "" : verb.charAt(0) + text;
    }
    return verb.charAt(0) + text;
  }

  private static String offset(int seconds, String verb) {
    if (verb.startsWith("Z") && seconds == 0) {
      return "Z";
    }
    int size = Math.abs(seconds);
    String separator = verb.contains(":") ? ":" : "";
    String text = (seconds < 0 ? "-" : "+") + two(size / 3600);
    if (verb.length() > 3) {
      text += separator + two(size / 60 % 60);
    }
    return verb.length() > 6 ? text + separator + two(size % 60) : text;
  }

  /// The time that a text in a layout tells.
  ///
  /// @throws IllegalArgumentException if it tells none; the message is Go's
  public static GoTime parse(String layout, String text) {
    return new TimeText(layout, text).parse();
  }

  /// The zone of a name of the IANA; that of Universal Time for one that is not known.
  public static ZoneId zone(String name) {
    if (name.isEmpty() || name.equals("UTC") || name.equals("Local")) {
      return ZoneOffset.UTC;
    }
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      return ZoneOffset.UTC; // as if none had been named
    }
  }

  static GoTime time(LocalDateTime local, ZoneOffset offset, String zoneName) {
    return new GoTime(local.atZone(offset), zoneName);
  }
}

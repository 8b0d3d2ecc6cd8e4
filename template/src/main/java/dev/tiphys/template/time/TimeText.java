package dev.tiphys.template.time;

import dev.tiphys.template.format.Quoting;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Reads a time that is written in a layout.
///
/// Threads: one; made for one text.
final class TimeText {

  private static final List<String> MONTHS =
      Arrays.stream(Month.values())
          .map(month -> month.getDisplayName(TextStyle.FULL, Locale.ENGLISH))
          .toList();

  private static final List<String> DAYS =
      Arrays.stream(DayOfWeek.values())
          .map(day -> day.getDisplayName(TextStyle.FULL, Locale.ENGLISH))
          .toList();

  private final String layout;
  private final String text;
  private String rest;
  private int year;
  private int month = -1;
  private int day = -1;
  private int dayOfYear = -1;
  private int hour;
  private int minute;
  private int second;
  private int nanosecond;
  private boolean twelve;
  private boolean afternoon;
  private ZoneOffset offset = ZoneOffset.UTC;
  private String zone = "UTC";

  TimeText(String layout, String text) {
    this.layout = layout;
    this.text = text;
    this.rest = text;
  }

  GoTime parse() {
    for (Layout.Part part : Layout.parts(layout)) {
      if (part.verb().isEmpty()) {
        between(part.text());
      } else {
        read(part.verb());
      }
    }
    if (!rest.isEmpty()) {
      throw wrong(": extra text: " + Quoting.quote(rest));
    }
    return time();
  }

  private IllegalArgumentException wrong(String problem) {
    return new IllegalArgumentException("parsing time " + Quoting.quote(text) + problem);
  }

  private IllegalArgumentException cannot(String verb) {
    return new IllegalArgumentException(
        "parsing time "
            + Quoting.quote(text)
            + " as "
            + Quoting.quote(layout)
            + ": cannot parse "
            + Quoting.quote(rest)
            + " as "
            + Quoting.quote(verb));
  }

  private void between(String expected) {
    String wanted = expected;
    while (!wanted.isEmpty()) {
      if (wanted.charAt(0) == ' ') {
        if (!rest.isEmpty() && rest.charAt(0) != ' ') {
          throw cannot(expected);
        }
        wanted = wanted.stripLeading();
        rest = rest.stripLeading();
      } else if (rest.isEmpty() || rest.charAt(0) != wanted.charAt(0)) {
        throw cannot(expected);
      } else {
        wanted = wanted.substring(1);
        rest = rest.substring(1);
      }
    }
  }

  private void read(String verb) {
    switch (verb) {
      case "2006" -> year = number(verb, 4, 4);
      case "06" -> {
        int two = number(verb, 2, 2);
        year = two >= 69 ? 1900 + two : 2000 + two;
      }
      case "January", "Jan" -> month = name(verb, MONTHS, verb.length() == 3) + 1;
      case "01" -> month = within(number(verb, 2, 2), 1, 12, "month");
      case "1" -> month = within(number(verb, 1, 2), 1, 12, "month");
      case "Monday", "Mon" -> name(verb, DAYS, verb.length() == 3);
      case "02" -> day = number(verb, 2, 2);
      case "2" -> day = number(verb, 1, 2);
      case "_2" -> {
        rest = rest.startsWith(" ") ? rest.substring(1) : rest;
        day = number(verb, 1, 2);
      }
      case "002", "__2" -> {
        rest = verb.startsWith("_") ? rest.stripLeading() : rest;
        dayOfYear = number(verb, verb.startsWith("_") ? 1 : 3, 3);
      }
      case "15" -> hour = within(number(verb, 1, 2), 0, 23, "hour");
      case "03", "3" -> {
        hour = within(number(verb, verb.length(), 2), 0, 12, "hour");
        twelve = true;
      }
      case "04", "4" -> minute = within(number(verb, verb.length(), 2), 0, 59, "minute");
      case "05", "5" -> {
        second = within(number(verb, verb.length(), 2), 0, 59, "second");
        if (!layout.contains(".0") && !layout.contains(".9") && rest.matches("[.,][0-9].*")) {
          fraction();
        }
      }
      case "PM", "pm" -> half(verb);
      case "MST" -> zoneName(verb);
      default -> {
        if (verb.charAt(0) == '.' || verb.charAt(0) == ',') {
          fractionOf(verb);
        } else {
          offset(verb);
        }
      }
    }
  }

  private int number(String verb, int least, int most) {
    int end = 0;
    while (end < most && end < rest.length() && Character.isDigit(rest.charAt(end))) {
      end++;
    }
    if (end < least) {
      throw cannot(verb);
    }
    int number = Integer.parseInt(rest.substring(0, end));
    rest = rest.substring(end);
    return number;
  }

  private int within(int number, int least, int most, String what) {
    if (number < least || number > most) {
      throw wrong(": " + what + " out of range");
    }
    return number;
  }

  private int name(String verb, List<String> names, boolean shortened) {
    for (int i = 0; i < names.size(); i++) {
      String name = shortened ? names.get(i).substring(0, 3) : names.get(i);
      if (rest.regionMatches(true, 0, name, 0, name.length())) {
        rest = rest.substring(name.length());
        return i;
      }
    }
    throw cannot(verb);
  }

  private void half(String verb) {
    String half = rest.length() < 2 ? "" : rest.substring(0, 2);
    String wanted = verb.equals("PM") ? half : half.toUpperCase(Locale.ROOT);
    if (!wanted.equals("PM") && !wanted.equals("AM")
        || verb.equals("pm") && !half.equals(half.toLowerCase(Locale.ROOT))) {
      throw cannot(verb);
    }
    twelve = true;
    afternoon = wanted.equals("PM");
    rest = rest.substring(2);
  }

  private void zoneName(String verb) {
    int end = 0;
    while (end < rest.length() && Character.isUpperCase(rest.charAt(end))) {
      end++;
    }
    if (end < 3 || end > 5) {
      throw cannot(verb);
    }
    zone = rest.substring(0, end);
    rest = rest.substring(end);
  }

  private void fraction() {
    int end = 1;
    while (end < rest.length() && Character.isDigit(rest.charAt(end))) {
      end++;
    }
    nanosecond = Integer.parseInt((rest.substring(1, end) + "000000000").substring(0, 9));
    rest = rest.substring(end);
  }

  private void fractionOf(String verb) {
    boolean optional = verb.charAt(1) == '9';
    if (rest.matches("[.,][0-9].*")) {
      if (!optional && !rest.matches("[.,][0-9]{" + (verb.length() - 1) + "}([^0-9].*)?")) {
        throw cannot(verb);
      }
      fraction();
    } else if (!optional) {
      throw cannot(verb);
    }
  }

  private void offset(String verb) {
    if (verb.startsWith("Z") && rest.startsWith("Z")) {
      rest = rest.substring(1);
      return;
    }
    String colon = verb.contains(":") ? ":" : "";
    String form = "[+-][0-9]{2}" + (verb.length() > 3 ? colon + "[0-9]{2}" : "");
    String whole = verb.length() > 6 ? form + colon + "[0-9]{2}" : form;
    int length = verb.length();
    if (rest.length() < length || !rest.substring(0, length).matches(whole)) {
      throw cannot(verb);
    }
    String digits = (rest.substring(1, length).replace(":", "") + "0000").substring(0, 6);
    int seconds =
        Integer.parseInt(digits.substring(0, 2)) * 3600
            + Integer.parseInt(digits.substring(2, 4)) * 60
            + Integer.parseInt(digits.substring(4, 6));
    if (seconds > 18 * 3600) {
      throw wrong(": time zone offset hour out of range");
    }
    offset = ZoneOffset.ofTotalSeconds(rest.charAt(0) == '-' ? -seconds : seconds);
    zone = seconds == 0 ? "UTC" : "";
    rest = rest.substring(length);
  }

  private GoTime time() {
    if (twelve) {
      hour = hour % 12 + (afternoon ? 12 : 0);
    }
    int realMonth = month < 0 ? 1 : month;
    int realDay = day < 0 ? 1 : day;
    try {
      if (realDay < 1 || realDay > YearMonth.of(year, realMonth).lengthOfMonth()) {
        throw wrong(": day out of range");
      }
      LocalDateTime local =
          LocalDateTime.of(year, realMonth, realDay, hour, minute, second, nanosecond);
      if (dayOfYear > 0 && month < 0) {
        local = local.withDayOfYear(dayOfYear);
      }
      return Layout.time(local, offset, zone);
    } catch (DateTimeException e) {
      throw wrong(": day-of-year out of range");
    }
  }
}

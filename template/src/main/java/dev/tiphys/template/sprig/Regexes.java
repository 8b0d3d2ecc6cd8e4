package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.INT;
import static dev.tiphys.template.value.Type.STRING;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.tiphys.cel.Regex;
import dev.tiphys.template.format.Quoting;
import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Slice;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Utf8;
import java.util.ArrayList;
import java.util.List;

/// Regular expressions as Go reads them, in time proportional to the text.
final class Regexes {

  private Regexes() {}

  static List<Function> functions() {
    List<Function> all = new ArrayList<>();
    all.add(Function.of("regexMatch", Regexes::matchesOrNot, STRING, STRING));
    all.add(Function.of("mustRegexMatch", Regexes::matches, STRING, STRING));
    all.add(Function.of("regexQuoteMeta", Regexes::quote, STRING));
    for (String prefix : List.of("regex", "mustRegex")) {
      boolean panics = prefix.equals("regex");
      all.add(Function.of(prefix + "Find", call -> find(call, panics), STRING, STRING));
      all.add(Function.of(prefix + "FindAll", call -> findAll(call, panics), STRING, STRING, INT));
      all.add(Function.of(prefix + "Split", call -> split(call, panics), STRING, STRING, INT));
      all.add(
          Function.of(
              prefix + "ReplaceAll", call -> replace(call, panics, false), STRING, STRING, STRING));
      all.add(
          Function.of(
              prefix + "ReplaceAllLiteral",
              call -> replace(call, panics, true),
              STRING,
              STRING,
              STRING));
    }
    return all;
  }

  /// @param panics whether the message of an expression that is none is that of a panic
  private static Pattern pattern(Call call, boolean panics) {
    try {
      return Regex.of(Utf8.characters(call.text(0))).pattern();
    } catch (IllegalArgumentException e) {
      String text = call.text(0);
      String quoted = Quoting.canBackquote(text) ? "`" + text + "`" : Quoting.quote(text);
      String place = panics ? "regexp: Compile(" + quoted + "): " : "";
      throw new CallException(place + Utf8.of(String.valueOf(e.getMessage())));
    }
  }

  /// A match, if there is one: an empty one just behind another is none.
  private static boolean next(Matcher matcher, int behind) {
    boolean found = matcher.find();
    while (found && matcher.start() == matcher.end() && matcher.end() == behind) {
      found = matcher.find();
    }
    return found;
  }

  private static boolean matchesOrNot(Call call) {
    try {
      return matches(call);
    } catch (CallException e) {
      return false; // the expression is none
    }
  }

  private static boolean matches(Call call) {
    return pattern(call, false).matcher(Utf8.characters(call.text(1))).find();
  }

  private static String find(Call call, boolean panics) {
    Matcher matcher = pattern(call, panics).matcher(Utf8.characters(call.text(1)));
    return matcher.find() ? Utf8.of(matcher.group()) : "";
  }

  private static Slice findAll(Call call, boolean panics) {
    long most = call.whole(2);
    Matcher matcher = pattern(call, panics).matcher(Utf8.characters(call.text(1)));
    List<String> found = new ArrayList<>();
    int behind = -1;
    while ((most < 0 || found.size() < most) && next(matcher, behind)) {
      call.budget().step();
      behind = matcher.end();
      found.add(call.made(Utf8.of(matcher.group())));
    }
    return found.isEmpty() ? Slice.none(Type.STRING) : Slice.strings(found);
  }

  private static Slice split(Call call, boolean panics) {
    long most = call.whole(2);
    String text = Utf8.characters(call.text(1));
    Pattern pattern = pattern(call, panics);
    if (most == 0) {
      return Slice.none(Type.STRING);
    }
    List<String> parts = new ArrayList<>();
    if (!call.text(0).isEmpty() && text.isEmpty()) {
      return Slice.strings(List.of(""));
    }
    Matcher matcher = pattern.matcher(text);
    int start = 0;
    int end = 0;
    int behind = -1;
    while ((most < 0 || parts.size() < most - 1) && next(matcher, behind)) {
      call.budget().step();
      behind = matcher.end();
      end = matcher.start();
      if (matcher.end() != 0) {
        parts.add(Utf8.of(text.substring(start, end)));
      }
      start = matcher.end();
    }
    if (end != text.length()) {
      parts.add(Utf8.of(text.substring(start)));
    }
    return Slice.strings(parts);
  }

  private static String replace(Call call, boolean panics, boolean literal) {
    String text = Utf8.characters(call.text(1));
    String by = Utf8.characters(call.text(2));
    Matcher matcher = pattern(call, panics).matcher(text);
    StringBuilder out = new StringBuilder();
    int from = 0;
    int behind = -1;
    while (next(matcher, behind)) {
      call.budget().step();
      int length = out.length();
      out.append(text, from, matcher.start());
      if (literal) {
        out.append(by);
      } else {
        Expansion.append(out, by, matcher);
      }
      call.budget().bytes(out.length() - length);
      from = matcher.end();
      behind = from;
    }
    return call.made(Utf8.of(out.append(text, from, text.length()).toString()));
  }

  private static String quote(Call call) {
    StringBuilder out = new StringBuilder();
    for (char c : call.text(0).toCharArray()) {
      if ("\\.+*?()|[]{}^$".indexOf(c) >= 0) {
        out.append('\\');
      }
      out.append(c);
    }
    return call.made(out.toString());
  }
}

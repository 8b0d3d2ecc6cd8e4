package dev.tiphys.cel.library;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Type;
import java.util.ArrayList;
import java.util.List;

/// Regular expressions, which take time in proportion to the text and no more.
final class Regex {

  /// Expressions compiled before, by their text: the same few are used again and again.
  private static final Entry[] COMPILED = new Entry[256];

  private record Entry(String text, Pattern pattern) {}

  private Regex() {}

  static Functions functions() {
    Type text = Type.STRING;
    Type texts = Type.list(Type.STRING);
    return new Functions()
        .add("matches", Type.BOOL, Prices.regex(false), Regex::matches, text, text)
        .addMember("matches", Type.BOOL, Prices.regex(false), Regex::matches, text, text)
        .addMember("find", text, Prices.regex(true), Regex::find, text, text)
        .addMember("findAll", texts, Prices.regex(true), Regex::findAll, text, text)
        .addMember("findAll", texts, Prices.regex(true), Regex::findAll, text, text, Type.INT);
  }

  private static Pattern pattern(Object[] a, String problem) {
    String text = Strings.text(a, 1);
    int place = text.hashCode() & (COMPILED.length - 1);
    Entry known = COMPILED[place];
    if (known != null && known.text.equals(text)) {
      return known.pattern;
    }
    try {
      Pattern pattern = Pattern.compile(text);
      COMPILED[place] = new Entry(text, pattern);
      return pattern;
    } catch (PatternSyntaxException e) {
      throw new EvaluationException(problem + e.getMessage());
    }
  }

  private static Object matches(Object[] a) {
    return pattern(a, "").matcher(Strings.text(a, 0)).find();
  }

  private static Object find(Object[] a) {
    Matcher matcher = pattern(a, "Illegal regex: ").matcher(Strings.text(a, 0));
    return matcher.find() ? matcher.group() : "";
  }

  private static Object findAll(Object[] a) {
    long most = a.length > 2 ? Strings.number(a, 2) : -1;
    Matcher matcher = pattern(a, "Illegal regex: ").matcher(Strings.text(a, 0));
    List<Object> found = new ArrayList<>();
    while ((most < 0 || found.size() < most) && matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }
}

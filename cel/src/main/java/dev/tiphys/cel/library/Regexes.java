package dev.tiphys.cel.library;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Regex;
import dev.tiphys.cel.Type;
import java.util.List;

/// Regular expressions.
final class Regexes {

  private Regexes() {}

  static Functions functions() {
    Type text = Type.STRING;
    Type texts = Type.list(Type.STRING);
    return new Functions()
        .add("matches", Type.BOOL, Prices.regex(false), Regexes::matches, text, text)
        .addMember("matches", Type.BOOL, Prices.regex(false), Regexes::matches, text, text)
        .addMember("find", text, Prices.regex(true), Regexes::find, text, text)
        .addMember("findAll", texts, Prices.regex(true), Regexes::findAll, text, text)
        .addMember("findAll", texts, Prices.regex(true), Regexes::findAll, text, text, Type.INT);
  }

  private static Regex regex(Object[] a, String problem) {
    try {
      return Regex.of(Strings.text(a, 1));
    } catch (IllegalArgumentException e) {
      throw new EvaluationException(problem + e.getMessage());
    }
  }

  private static Object matches(Object[] a) {
    return regex(a, "").matches(Strings.text(a, 0));
  }

  private static Object find(Object[] a) {
    List<String> found = regex(a, "Illegal regex: ").find(Strings.text(a, 0), 1);
    return found.isEmpty() ? "" : found.getFirst();
  }

  private static Object findAll(Object[] a) {
    long most = a.length > 2 ? Strings.number(a, 2) : -1;
    return regex(a, "Illegal regex: ").find(Strings.text(a, 0), most);
  }
}

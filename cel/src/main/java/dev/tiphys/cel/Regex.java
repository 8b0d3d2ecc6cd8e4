package dev.tiphys.cel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;

/// A regular expression as Go reads it: it takes time in proportion to the text and no more.
///
/// Threads: any; immutable.
public final class Regex {

  /// Expressions compiled before, by their text: the same few are used again and again.
  private static final Regex[] COMPILED = new Regex[512];

  private final String text;
  private final Pattern pattern;

  private Regex(String text, Pattern pattern) {
    this.text = text;
    this.pattern = pattern;
  }

  /// @throws IllegalArgumentException if it is none; the message is Go's
  public static Regex of(String text) {
    int place = (text.hashCode() * 0x9E3779B9 >>> 16) & (COMPILED.length - 1);
    Regex known = COMPILED[place];
    if (known != null && known.text.equals(text)) {
      return known;
    }
    new RegexSize(text).check();
    try {
      Regex regex = new Regex(text, Pattern.compile(text));
      COMPILED[place] = regex;
      return regex;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /// The compiled expression, for what is not offered here.
  public Pattern pattern() {
    return pattern;
  }

  /// Whether a part of a text matches.
  public boolean matches(String of) {
    return pattern.matcher(of).find();
  }

  /// The first parts of a text that match.
  ///
  /// @param most how many; negative for all
  public List<String> find(String in, long most) {
    Matcher matcher = pattern.matcher(in);
    List<String> found = new ArrayList<>();
    while ((most < 0 || found.size() < most) && matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }
}

package dev.tiphys.network.istio.fields;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.network.router.table.PathMatch;
import dev.tiphys.network.router.table.ValueMatch;
import dev.tiphys.object.Struct;

/// A `StringMatch`: a text, the beginning of one, or an expression for the whole of it.
public final class StringMatches {

  private StringMatches() {}

  /// @param match one that says nothing stands for any value that there is
  /// @throws PatternSyntaxException if it has an expression that can't be read
  public static ValueMatch value(Struct match) {
    if (match.has("exact")) {
      return new ValueMatch.Exact(match.string("exact"));
    }
    if (match.has("prefix")) {
      return new ValueMatch.Prefix(match.string("prefix"));
    }
    return match.has("regex")
        ? new ValueMatch.Expression(Pattern.compile(match.string("regex")))
        : new ValueMatch.Present();
  }

  /// @param match one that says nothing stands for all paths
  /// @param ignoreCase whether texts are compared without regard to case; expressions never are
  /// @throws PatternSyntaxException if it has an expression that can't be read
  public static PathMatch path(Struct match, boolean ignoreCase) {
    if (match.has("exact")) {
      String path = match.string("exact");
      return ignoreCase ? expression(path, true) : new PathMatch.Exact(path);
    }
    if (match.has("prefix")) {
      String prefix = match.string("prefix");
      return ignoreCase ? expression(prefix, false) : new PathMatch.Characters(prefix);
    }
    return match.has("regex")
        ? new PathMatch.Expression(Pattern.compile(match.string("regex")), true)
        : new PathMatch.Characters("");
  }

  private static PathMatch expression(String text, boolean whole) {
    return new PathMatch.Expression(
        Pattern.compile(Pattern.quote(text), Pattern.CASE_INSENSITIVE), whole);
  }
}

package dev.tiphys.network.router.table;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

/// What a backend is asked instead of what the client asked.
///
/// @param path what becomes of the path; the query is kept
/// @param host the host that the backend is told; null for the client's
public record Rewrite(OfPath path, @Nullable String host) {

  /// Nothing is changed.
  public static final Rewrite KEEP = new Rewrite(new OfPath.Keep(), null);

  /// What becomes of a path.
  public sealed interface OfPath {

    /// It is passed on as it was sent.
    record Keep() implements OfPath {}

    /// It is replaced as a whole.
    record Whole(String path) implements OfPath {}

    /// A prefix of it, by path elements, is replaced: with `/foo` and `/` for it, `/foo/bar`
    /// becomes `/bar`, and `/foo` becomes `/`.
    record Prefix(String from, String to) implements OfPath {
      public Prefix {
        from = from.endsWith("/") ? from.substring(0, from.length() - 1) : from;
        to = to.endsWith("/") ? to.substring(0, to.length() - 1) : to;
      }
    }

    /// It is replaced as a whole, with `$1` to `$9` for what groups of the expression matched.
    record Groups(Pattern pattern, String template) implements OfPath {}
  }

  /// The path to ask the backend for.
  ///
  /// @param normal the path in its normal form; null says that it stays as it was sent
  public @Nullable String of(String normal) {
    return switch (path) {
      case OfPath.Keep _ -> null;
      case OfPath.Whole(String whole) -> whole;
      case OfPath.Prefix(String from, String to) -> {
        if (!normal.startsWith(from)) {
          yield null;
        }
        String rest = normal.substring(from.length());
        yield Paths.escaped((to + rest).isEmpty() ? "/" : to + rest);
      }
      case OfPath.Groups(Pattern pattern, String template) -> {
        Matcher matcher = pattern.matcher(normal);
        yield matcher.lookingAt() ? Paths.escaped(filled(template, matcher)) : null;
      }
    };
  }

  private static String filled(String template, Matcher matcher) {
    StringBuilder filled = new StringBuilder();
    for (int i = 0; i < template.length(); i++) {
      char each = template.charAt(i);
      int digit = i + 1 < template.length() ? template.charAt(i + 1) - '0' : -1;
      if (each != '$' || digit < 1 || digit > 9) {
        filled.append(each);
        continue;
      }
      i++;
      String group = digit <= matcher.groupCount() ? matcher.group(digit) : null;
      filled.append(group == null ? "" : group);
    }
    return filled.toString();
  }
}

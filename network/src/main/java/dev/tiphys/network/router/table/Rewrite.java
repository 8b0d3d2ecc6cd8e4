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

    /// What it becomes.
    ///
    /// @param normal the path in its normal form
    /// @return null if it stays as it was sent
    default @Nullable String of(String normal) {
      return switch (this) {
        case OfPath.Keep _ -> null;
        case OfPath.Whole(String whole) -> whole;
        case OfPath.Prefix(String from, String to) -> {
          if (!normal.startsWith(from)) {
            yield null;
          }
          String rest = normal.substring(from.length());
          yield Paths.escaped((to + rest).isEmpty() ? "/" : to + rest);
        }
        case OfPath.Characters(String from, String to) ->
            normal.length() < from.length()
                ? null
                : Paths.escaped(to + normal.substring(from.length()));
        case OfPath.Found(Pattern pattern, String template) -> {
          Matcher matcher = pattern.matcher(normal);
          StringBuilder replaced = new StringBuilder();
          int begin = 0;
          while (matcher.find()) {
            replaced.append(normal, begin, matcher.start()).append(filled(template, matcher));
            begin = matcher.end();
          }
          yield begin == 0 && replaced.isEmpty()
              ? null
              : Paths.escaped(replaced.append(normal, begin, normal.length()).toString());
        }
        case OfPath.Groups(Pattern pattern, String template) -> {
          Matcher matcher = pattern.matcher(normal);
          yield matcher.lookingAt() ? Paths.escaped(filled(template, matcher)) : null;
        }
      };
    }

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

    /// Its first characters are replaced, whatever they are: with `/foo` and `/` for it, `/foo/bar`
    /// becomes `//bar`.
    record Characters(String from, String to) implements OfPath {}

    /// What an expression finds anywhere in it is replaced, with `$1` to `$9` for what groups of
    /// the expression matched.
    record Found(Pattern pattern, String template) implements OfPath {}

    /// It is replaced as a whole, with `$1` to `$9` for what groups of the expression matched.
    record Groups(Pattern pattern, String template) implements OfPath {}
  }

  /// The path to ask the backend for.
  ///
  /// @param normal the path in its normal form; null says that it stays as it was sent
  public @Nullable String of(String normal) {
    return path.of(normal);
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

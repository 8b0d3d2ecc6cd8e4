package dev.tiphys.network.router.table;

import com.google.re2j.Pattern;

/// Which paths a route is for.
public sealed interface PathMatch {

  boolean matches(String path);

  /// That path.
  record Exact(String path) implements PathMatch {
    @Override
    public boolean matches(String asked) {
      return asked.equals(path);
    }
  }

  /// That path and what lies below it, by path elements: `/foo` is for `/foo`, `/foo/` and
  /// `/foo/bar`, not for `/foobar`.
  ///
  /// @param path a slash at its end says nothing, and is left out
  record Prefix(String path) implements PathMatch {
    public Prefix {
      while (path.endsWith("/")) {
        path = path.substring(0, path.length() - 1);
      }
    }

    @Override
    public boolean matches(String asked) {
      return asked.startsWith(path) && endsElement(asked, path.length());
    }

    /// Whether an element of the path ends at a place.
    static boolean endsElement(String path, int place) {
      return path.length() == place || path.charAt(place) == '/';
    }
  }

  /// All that begins with those characters: `/foo` is for `/foobar` too.
  record Characters(String prefix) implements PathMatch {
    @Override
    public boolean matches(String asked) {
      return asked.startsWith(prefix);
    }
  }

  /// What a regular expression finds at the beginning of the path, or in the whole of it. The
  /// expressions are RE2's: the time they take grows with the path's length and no faster.
  ///
  /// @param whole whether the expression must match the path to its end
  record Expression(Pattern pattern, boolean whole) implements PathMatch {
    @Override
    public boolean matches(String asked) {
      var matcher = pattern.matcher(asked);
      return whole ? matcher.matches() : matcher.lookingAt();
    }
  }
}

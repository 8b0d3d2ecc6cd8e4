package dev.tiphys.secrets.provider;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.object.Struct;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which secrets of a store.
///
/// @param path below which they are; empty for anywhere
/// @param name what their names match somewhere; null if that does not matter
/// @param tags which they all have
public record Search(String path, @Nullable Pattern name, Map<String, String> tags) {

  public Search {
    tags = Map.copyOf(tags);
  }

  /// A `find`.
  ///
  /// @throws StoreException if its expression is none
  public static Search of(Struct find) {
    Map<String, String> tags = new TreeMap<>();
    find.struct("tags").forEach((key, value) -> tags.put(key, String.valueOf(value)));
    String expression = find.string("name", "regexp");
    try {
      return new Search(
          find.string("path"), expression.isEmpty() ? null : Pattern.compile(expression), tags);
    } catch (PatternSyntaxException e) {
      throw new StoreException(
          "could not compile find.name.regexp [" + expression + "]: " + e.getMessage());
    }
  }

  /// Whether a name is one that is looked for.
  public boolean isFor(String candidate) {
    return name == null || name.matcher(candidate).find();
  }
}

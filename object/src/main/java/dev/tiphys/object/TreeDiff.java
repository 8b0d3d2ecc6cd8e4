package dev.tiphys.object;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What differs between two trees, place by place.
///
/// Elements of lists that go by a name (`name` or `type`) are compared with those of the same name,
/// others with those at the same place.
public final class TreeDiff {

  private static final List<String> NAMES = List.of("name", "type");

  private final List<Difference> found = new ArrayList<>();

  /// One place at which two trees differ.
  ///
  /// @param path as people write it: `spec.containers[name=web].image`
  /// @param before what was there; null for nothing
  /// @param after what is there now; null for nothing
  public record Difference(String path, @Nullable Object before, @Nullable Object after) {}

  private TreeDiff() {}

  /// The differences, in the order of the fields' names.
  public static List<Difference> between(Struct before, Struct after) {
    TreeDiff diff = new TreeDiff();
    diff.structs("", before, after);
    return List.copyOf(diff.found);
  }

  private void values(String path, @Nullable Object before, @Nullable Object after) {
    if (Objects.equals(before, after)) {
      return;
    }
    if (before instanceof Struct one && after instanceof Struct other) {
      structs(path, one, other);
    } else if (before instanceof List<?> one && after instanceof List<?> other) {
      lists(path, one, other);
    } else {
      found.add(new Difference(path, before, after));
    }
  }

  private void structs(String path, Struct before, Struct after) {
    TreeSet<String> names = new TreeSet<>(before.names());
    names.addAll(after.names());
    for (String name : names) {
      values(path + field(path, name), before.get(name), after.get(name));
    }
  }

  private static String field(String path, String name) {
    boolean plain = name.matches("[A-Za-z0-9_-]+");
    if (!plain) {
      return "[\"" + name + "\"]";
    }
    return path.isEmpty() ? name : "." + name;
  }

  private void lists(String path, List<?> before, List<?> after) {
    String key = key(before, after);
    if (key.isEmpty()) {
      for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
        values(path + "[" + i + "]", element(before, i), element(after, i));
      }
      return;
    }
    Map<String, Object> old = byKey(before, key);
    Map<String, Object> now = byKey(after, key);
    old.forEach(
        (name, element) -> values(path + "[" + key + "=" + name + "]", element, now.get(name)));
    now.forEach(
        (name, element) -> {
          if (!old.containsKey(name)) {
            values(path + "[" + key + "=" + name + "]", null, element);
          }
        });
  }

  private static @Nullable Object element(List<?> list, int index) {
    return index < list.size() ? list.get(index) : null;
  }

  /// The field by which the elements of both lists go; empty if they go by none.
  private static String key(List<?> before, List<?> after) {
    for (String name : NAMES) {
      if (byKey(before, name).size() == before.size()
          && byKey(after, name).size() == after.size()) {
        return name;
      }
    }
    return "";
  }

  private static Map<String, Object> byKey(List<?> list, String key) {
    Map<String, Object> elements = new LinkedHashMap<>();
    for (Object element : list) {
      if (element instanceof Struct struct && !struct.string(key).isEmpty()) {
        elements.put(struct.string(key), struct);
      }
    }
    return elements;
  }
}

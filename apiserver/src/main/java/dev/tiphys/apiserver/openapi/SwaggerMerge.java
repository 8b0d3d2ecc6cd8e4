package dev.tiphys.apiserver.openapi;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Puts what other servers serve into the description of this one, in OpenAPI v2.
///
/// A path belongs to the first that describes it. Of a definition that another one has under the
/// same name, but not alike, both stay: the later one as `NAME_v2`.
final class SwaggerMerge {

  private static final String OTHERS = "/apis/"; // what is not below it is each server's own

  private static final String KINDS = "x-kubernetes-group-version-kind";

  /// The sections that are referred to, by `#/SECTION/NAME`.
  private static final List<String> SECTIONS = List.of("definitions", "parameters");

  private final Map<String, Object> paths;
  private final Map<String, Map<String, Object>> sections = new HashMap<>();

  private SwaggerMerge(Struct own) {
    paths = map(own.struct("paths"));
    SECTIONS.forEach(section -> sections.put(section, map(own.struct(section))));
  }

  /// The document `own` with what stands in the others.
  static Struct of(Struct own, List<Struct> others) {
    SwaggerMerge merge = new SwaggerMerge(own);
    others.forEach(merge::add);
    StructBuilder merged = StructBuilder.from(own).add("paths", struct(merge.paths));
    merge.sections.forEach((name, all) -> merged.addUnlessEmpty(name, struct(all)));
    return merged.build();
  }

  private static Map<String, Object> map(Struct struct) {
    Map<String, Object> map = new TreeMap<>();
    struct.forEach(map::put);
    return map;
  }

  private static Struct struct(Map<String, Object> map) {
    StructBuilder struct = new StructBuilder(map.size());
    map.forEach(struct::put);
    return struct.build();
  }

  private void add(Struct other) {
    Map<String, Object> added = new TreeMap<>();
    other
        .struct("paths")
        .forEach(
            (path, item) -> {
              if (path.startsWith(OTHERS) && !paths.containsKey(path)) {
                added.put(path, item);
              }
            });
    if (added.isEmpty()) {
      return;
    }
    Set<String> before = referred(other, List.of(other.struct("paths")));
    Set<String> needed = referred(other, List.copyOf(added.values()));
    Map<String, String> renames = new HashMap<>();
    Map<String, Object> parts = new TreeMap<>(); // by the reference to them
    for (String section : SECTIONS) {
      Struct all = other.struct(section);
      all.forEach(
          (name, part) -> {
            String reference = reference(section, name);
            if (needed.contains(reference) || !before.contains(reference)) {
              parts.put(reference, part);
              String free = free(section, name, part, all);
              if (!free.equals(name)) {
                renames.put(reference, reference(section, free));
              }
            }
          });
    }
    added.forEach((path, item) -> paths.put(path, renamed(item, renames)));
    parts.forEach(
        (reference, part) -> put(renames.getOrDefault(reference, reference), part, renames));
  }

  private static String reference(String section, String name) {
    return "#/" + section + "/" + name;
  }

  /// What is referred to from `roots`, directly or not.
  private static Set<String> referred(Struct document, List<?> roots) {
    Set<String> found = new HashSet<>();
    Deque<Object> open = new ArrayDeque<>(roots);
    for (Object tree = open.poll(); tree != null; tree = open.poll()) {
      switch (tree) {
        case List<?> list -> open.addAll(list);
        case Struct struct -> {
          if (struct.get("$ref") instanceof String reference && found.add(reference)) {
            String[] parts = reference.split("/", 3);
            Object target = parts.length < 3 ? null : document.struct(parts[1]).get(parts[2]);
            if (target != null) {
              open.add(target);
            }
          }
          struct.forEach((_, value) -> open.add(value));
        }
        default -> {}
      }
    }
    return found;
  }

  /// The name that a part goes by here: its own, unless another one has that.
  private String free(String section, String name, Object part, Struct others) {
    Map<String, Object> here = sections.getOrDefault(section, Map.of());
    String free = name;
    for (int i = 2; !fits(here.get(free), part) || isOthers(free, name, others); i++) {
      free = name + "_v" + i;
    }
    return free;
  }

  private static boolean isOthers(String free, String name, Struct others) {
    return !free.equals(name) && others.has(free);
  }

  private static boolean fits(@Nullable Object present, Object part) {
    return present == null || bare(present).equals(bare(part));
  }

  /// A definition without the kinds that it is of: each server names its own.
  private static Object bare(Object part) {
    return part instanceof Struct struct ? struct.without(KINDS) : part;
  }

  private static Object renamed(Object tree, Map<String, String> renames) {
    if (renames.isEmpty()) {
      return tree;
    }
    return switch (tree) {
      case List<?> list -> list.stream().map(each -> renamed(each, renames)).toList();
      case Struct struct -> {
        StructBuilder next = new StructBuilder(struct.size());
        struct.forEach(
            (name, value) ->
                next.put(
                    name,
                    name.equals("$ref") && value instanceof String reference
                        ? renames.getOrDefault(reference, reference)
                        : renamed(value, renames)));
        yield next.build();
      }
      default -> tree;
    };
  }

  private void put(String reference, Object part, Map<String, String> renames) {
    String[] parts = reference.split("/", 3);
    sections
        .getOrDefault(parts[1], Map.of())
        .merge(parts[2], renamed(part, renames), SwaggerMerge::withKinds);
  }

  /// `present` with the kinds of `added` too.
  private static Object withKinds(Object present, Object added) {
    if (!(present instanceof Struct known) || !(added instanceof Struct more)) {
      return present;
    }
    List<Object> kinds = new ArrayList<>(known.list(KINDS));
    for (Object kind : more.list(KINDS)) {
      if (!kinds.contains(kind)) {
        kinds.add(kind);
      }
    }
    return kinds.isEmpty() ? present : known.with(KINDS, List.copyOf(kinds));
  }
}

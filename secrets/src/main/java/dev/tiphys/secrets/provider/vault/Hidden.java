package dev.tiphys.secrets.provider.vault;

import dev.tiphys.object.Struct;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What must not be seen in messages, though a server may repeat it in its answers.
///
/// @param texts those long enough to be told from other words
public record Hidden(Set<String> texts) {

  /// Nothing is hidden.
  public static final Hidden NOTHING = new Hidden(Set.of());

  private static final int SHORTEST = 4;
  private static final String MARK = "(hidden)";

  public Hidden {
    texts = Set.copyOf(texts);
  }

  /// These texts.
  public static Hidden of(String... texts) {
    return of(List.of(texts));
  }

  private static Hidden of(List<String> texts) {
    Set<String> enough = new HashSet<>();
    texts.stream().filter(each -> each.length() >= SHORTEST).forEach(enough::add);
    return new Hidden(enough);
  }

  /// All texts within a tree, whatever their fields are called.
  public static Hidden valuesOf(Struct tree) {
    Set<String> found = new HashSet<>();
    collect(tree, found);
    return of(List.copyOf(found));
  }

  private static void collect(Object value, Set<String> found) {
    switch (value) {
      case Struct struct -> struct.forEach((_, each) -> collect(each, found));
      case List<?> list -> list.forEach(each -> collect(each, found));
      case String text -> found.add(text);
      default -> found.add(String.valueOf(value));
    }
  }

  /// Both.
  public Hidden and(Hidden other) {
    Set<String> all = new HashSet<>(texts);
    all.addAll(other.texts);
    return new Hidden(all);
  }

  /// A message without them. The longest go first, since one may be a part of another.
  public String clean(String message) {
    String clean = message;
    for (String each :
        texts.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList()) {
      clean = clean.replace(each, MARK);
    }
    return clean;
  }

  /// Without the texts.
  @Override
  public String toString() {
    return texts.size() + " hidden texts";
  }
}

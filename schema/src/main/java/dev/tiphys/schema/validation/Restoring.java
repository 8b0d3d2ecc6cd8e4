package dev.tiphys.schema.validation;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.stream.IntStream;

/// Puts what may change back to what it was, so that what remains different may not.
public final class Restoring {

  private Restoring() {}

  /// The containers of one specification with a field of those of another, where they are the same.
  public static Struct withEach(Struct tree, Struct from, String list, String field) {
    List<Struct> to = tree.structs(list);
    List<Struct> source = from.structs(list);
    if (to.isEmpty() || to.size() != source.size()) {
      return tree;
    }
    return tree.with(
        list,
        IntStream.range(0, to.size())
            .mapToObj(
                i ->
                    to.get(i).string("name").equals(source.get(i).string("name"))
                        ? withField(to.get(i), source.get(i), field)
                        : to.get(i))
            .toList());
  }

  public static Struct withField(Struct tree, Struct from, String field) {
    Object value = from.get(field);
    return value == null ? tree.without(field) : tree.with(field, value);
  }
}

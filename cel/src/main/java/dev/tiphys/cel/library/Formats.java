package dev.tiphys.cel.library;

import dev.tiphys.cel.Functions;
import dev.tiphys.cel.NamedFormat;
import dev.tiphys.cel.Opaque;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Range;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.eval.Maybe;
import dev.tiphys.cel.eval.Values;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Named formats of texts.
final class Formats {

  private static final Type TYPE = Type.opaque("kubernetes.NamedFormat");
  private static final long LONGEST_REGEX = 128;

  private Formats() {}

  private record Format(NamedFormat named) implements Opaque {

    @Override
    public Type type() {
      return TYPE;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Format(NamedFormat second) && named.name().equals(second.name());
    }

    @Override
    public int hashCode() {
      return named.name().hashCode();
    }
  }

  static Functions functions(List<NamedFormat> formats) {
    Functions functions = new Functions().addType(TYPE);
    Map<String, Format> byName = new TreeMap<>();
    for (NamedFormat named : formats) {
      Format format = new Format(named);
      byName.put(named.name(), format);
      functions.add("format." + named.name(), TYPE, Price.NOMINAL, _ -> format);
    }
    Type problems = Type.optional(Type.list(Type.STRING));
    return functions
        .add(
            "format.named",
            Type.optional(TYPE),
            Price.NOMINAL,
            a -> {
              Format format = byName.get(Strings.text(a, 0));
              return format == null ? Maybe.NONE : new Maybe(format);
            },
            Type.STRING)
        .addMember("validate", problems, VALIDATING, Formats::validated, TYPE, Type.STRING);
  }

  private static Object validated(Object[] a) {
    List<String> problems = ((Format) a[0]).named().problems().apply(Strings.text(a, 1));
    return problems.isEmpty() ? Maybe.NONE : new Maybe(problems);
  }

  private static final Price VALIDATING =
      Prices.of(
          operands -> {
            Range read = operands.get(1).size().times(Price.PER_CHARACTER);
            return Prices.estimate(read.times(LONGEST_REGEX * Price.PER_REGEX_CHARACTER), null);
          },
          (a, _) -> Prices.regex(Values.size(a[1]), ((Format) a[0]).named().regexSize()));
}

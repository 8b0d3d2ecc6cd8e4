package dev.tiphys.cel.library;

import dev.tiphys.cel.Opaque;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Range;
import dev.tiphys.cel.Type;
import dev.tiphys.object.Quantity;
import java.util.List;

/// What it costs to compare two values of any type.
final class Equality {

  static final Price PRICE = new Comparing(Prices.comparing());

  private Equality() {}

  /// @param letters what it costs letter by letter
  private record Comparing(Price letters) implements Price {

    private static final long LONGEST_FORMAT = 64;

    @Override
    public Estimate estimate(List<Operand> operands) {
      Type type = operands.get(0).type();
      if (type.kind() == Type.Kind.OPAQUE
          && !type.isOptional()
          && type.equals(operands.get(1).type())) {
        return switch (type.name()) {
          case "kubernetes.NamedFormat" ->
              new Estimate(new Range(1, LONGEST_FORMAT).times(PER_CHARACTER), null);
          case "kubernetes.URL" ->
              new Estimate(new Range(1, operands.get(1).size().max()).times(PER_CHARACTER), null);
          default -> new Estimate(Range.ONE, null);
        };
      }
      return letters.estimate(operands);
    }

    @Override
    public long actual(Object[] arguments, Object result) {
      return arguments[0] instanceof Opaque || arguments[0] instanceof Quantity
          ? 1
          : letters.actual(arguments, result);
    }
  }
}

package dev.tiphys.cel.eval;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Overload;
import java.util.Arrays;
import java.util.stream.Collectors;

/// A call of a function: the first overload that takes the arguments is called.
final class Invocation implements Step {

  private final String function;
  private final Overload[] overloads;
  private final Step[] arguments;

  Invocation(String function, Overload[] overloads, Step[] arguments) {
    this.function = function;
    this.overloads = overloads;
    this.arguments = arguments;
  }

  @Override
  public Object value(Frame frame) {
    Object[] values = values(frame);
    for (Overload overload : overloads) {
      if (takes(overload, values)) {
        Object result = overload.implementation().call(values);
        frame.charge(overload.price().actual(values, result));
        return result;
      }
    }
    throw isOperator()
        ? EvaluationException.noOverload()
        : new EvaluationException(
            "no such overload: "
                + function
                + Arrays.stream(values)
                    .map(value -> Values.typeOf(value).name())
                    .collect(Collectors.joining(", ", "(", ")")));
  }

  /// An argument without a value keeps the call from being made, yet it is charged.
  private Object[] values(Frame frame) {
    Object[] values = new Object[arguments.length];
    try {
      for (int i = 0; i < values.length; i++) {
        values[i] = arguments[i].value(frame);
      }
    } catch (EvaluationException e) {
      frame.charge(1);
      throw e;
    }
    return values;
  }

  private boolean isOperator() {
    return function.indexOf('_') >= 0;
  }

  private static boolean takes(Overload overload, Object[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Values.is(values[i], overload.parameters().get(i))) {
        return false;
      }
    }
    return true;
  }
}

package dev.tiphys.template.function;

import dev.tiphys.template.value.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function that templates call.
///
/// @param parameters the types of what it takes; the last one is that of all further arguments if
///   it is variadic
public record Function(String name, List<Type> parameters, boolean variadic, Body body) {

  /// What a function does.
  @FunctionalInterface
  public interface Body {

    /// @throws CallException if it refuses
    @Nullable Object call(Call call);
  }

  public static Function of(String name, Body body, Type... parameters) {
    return new Function(name, List.of(parameters), false, body);
  }

  public static Function variadic(String name, Body body, Type... parameters) {
    return new Function(name, List.of(parameters), true, body);
  }

  /// The type of the argument at `index`.
  public Type parameter(int index) {
    return parameters.get(Math.min(index, parameters.size() - 1));
  }

  /// How many arguments it takes at the least.
  public int fixed() {
    return variadic ? parameters.size() - 1 : parameters.size();
  }
}

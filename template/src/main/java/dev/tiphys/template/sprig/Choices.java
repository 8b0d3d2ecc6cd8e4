package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.ANY;
import static dev.tiphys.template.value.Type.BOOL;
import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One value or another, depending on what is empty.
final class Choices {

  private Choices() {}

  static List<Function> functions() {
    return List.of(
        Function.variadic("default", Choices::orDefault, ANY, ANY),
        Function.of("empty", call -> Casts.isEmpty(call.value(0)), ANY),
        Function.variadic("coalesce", Choices::coalesce, ANY),
        Function.variadic("all", call -> call.arguments().stream().noneMatch(Casts::isEmpty), ANY),
        Function.variadic(
            "any", call -> call.arguments().stream().anyMatch(each -> !Casts.isEmpty(each)), ANY),
        Function.of(
            "ternary", call -> call.truth(2) ? call.value(0) : call.value(1), ANY, ANY, BOOL),
        Function.of(
            "fail",
            call -> {
              throw new CallException(call.text(0));
            },
            STRING));
  }

  private static @Nullable Object orDefault(Call call) {
    boolean given = call.count() > 1 && !Casts.isEmpty(call.value(1));
    return given ? call.value(1) : call.value(0);
  }

  private static @Nullable Object coalesce(Call call) {
    for (Object value : call.arguments()) {
      if (!Casts.isEmpty(value)) {
        return value;
      }
    }
    return null;
  }
}

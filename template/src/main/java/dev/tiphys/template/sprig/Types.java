package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.ANY;
import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.DeepEqual;
import dev.tiphys.template.value.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What values are.
final class Types {

  private Types() {}

  static List<Function> functions() {
    return List.of(
        Function.of("typeOf", call -> name(call.value(0)), ANY),
        Function.of("typeIs", call -> call.text(0).equals(name(call.value(1))), STRING, ANY),
        Function.of(
            "typeIsLike",
            call ->
                call.text(0).equals(name(call.value(1)))
                    || ("*" + call.text(0)).equals(name(call.value(1))),
            STRING,
            ANY),
        Function.of("kindOf", call -> Casts.kind(call.value(0)), ANY),
        Function.of("kindIs", call -> call.text(0).equals(Casts.kind(call.value(1))), STRING, ANY),
        Function.of(
            "deepEqual",
            call -> DeepEqual.test(call.value(0), call.value(1), call.budget()),
            ANY,
            ANY));
  }

  private static String name(@Nullable Object value) {
    return value == null ? "<nil>" : Type.of(value).name();
  }
}

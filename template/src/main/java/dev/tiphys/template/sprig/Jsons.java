package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.ANY;
import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.format.JsonText;
import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// JSON. What fails gives nothing, or an error if it must not fail.
final class Jsons {

  private Jsons() {}

  static List<Function> functions() {
    List<Function> all = new ArrayList<>();
    all.add(Function.of("fromJson", Jsons::parseOrNothing, STRING));
    all.add(
        Function.of("mustFromJson", call -> JsonText.parse(call.text(0), call.budget()), STRING));
    writer(all, "Json", true, "");
    writer(all, "PrettyJson", true, "  ");
    all.add(Function.of("toRawJson", call -> write(call, false, ""), ANY));
    all.add(Function.of("mustToRawJson", call -> write(call, false, ""), ANY));
    return all;
  }

  private static void writer(List<Function> all, String name, boolean escapes, String indent) {
    all.add(
        Function.of(
            "to" + name,
            call -> {
              try {
                return write(call, escapes, indent);
              } catch (CallException e) {
                if (String.valueOf(e.getMessage()).startsWith("json: ")) {
                  return "";
                }
                throw e;
              }
            },
            ANY));
    all.add(Function.of("mustTo" + name, call -> write(call, escapes, indent), ANY));
  }

  private static String write(Call call, boolean escapes, String indent) {
    return JsonText.of(call.value(0), escapes, indent, call.budget());
  }

  private static @Nullable Object parseOrNothing(Call call) {
    try {
      return JsonText.parse(call.text(0), call.budget());
    } catch (CallException e) {
      return null; // no JSON is nothing
    }
  }
}

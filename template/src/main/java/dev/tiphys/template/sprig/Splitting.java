package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.ANY;
import static dev.tiphys.template.value.Type.INT;
import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Dict;
import dev.tiphys.template.value.Slice;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Utf8;
import java.util.ArrayList;
import java.util.List;

/// Texts taken apart and put together.
final class Splitting {

  private Splitting() {}

  static List<Function> functions() {
    return List.of(
        Function.of("split", call -> numbered(split(call, 1, -1)), STRING, STRING),
        Function.of("splitn", call -> numbered(split(call, 2, call.whole(1))), STRING, INT, STRING),
        Function.of("splitList", call -> Slice.strings(split(call, 1, -1)), STRING, STRING),
        Function.of(
            "toStrings", call -> Slice.strings(Casts.texts(call.value(0), call.budget())), ANY),
        Function.of("join", Splitting::join, STRING, ANY),
        Function.of("sortAlpha", Splitting::sort, ANY));
  }

  private static List<String> split(Call call, int at, long most) {
    String separator = call.text(0);
    String text = call.text(at);
    List<String> parts = new ArrayList<>();
    if (most == 0) {
      return parts;
    }
    int start = 0;
    while (most < 0 || parts.size() < most - 1) {
      int end;
      int next;
      if (separator.isEmpty()) {
        end = start >= text.length() ? -1 : start + Utf8.width(text, start);
        if (end >= text.length()) {
          end = -1;
        }
        next = end;
      } else {
        end = text.indexOf(separator, start);
        next = end + separator.length();
      }
      if (end < 0) {
        break;
      }
      call.budget().step();
      parts.add(text.substring(start, end));
      start = next;
    }
    if (!separator.isEmpty() || start < text.length()) {
      parts.add(text.substring(start));
    }
    return parts;
  }

  private static Dict numbered(List<String> parts) {
    Dict dict = new Dict(Type.STRING);
    for (int i = 0; i < parts.size(); i++) {
      dict.put("_" + i, parts.get(i));
    }
    return dict;
  }

  private static String join(Call call) {
    List<String> texts = Casts.texts(call.value(1), call.budget());
    long length = texts.stream().mapToLong(String::length).sum();
    call.budget().bytes(length + (long) call.text(0).length() * texts.size());
    return String.join(call.text(0), texts);
  }

  private static Slice sort(Call call) {
    List<String> texts =
        call.value(0) == null ? List.of("<nil>") : Casts.texts(call.value(0), call.budget());
    return Slice.strings(texts.stream().sorted().toList());
  }
}

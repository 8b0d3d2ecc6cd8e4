package dev.tiphys.cel.check;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Regex;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.eval.Conversions;
import dev.tiphys.cel.syntax.Expr;
import dev.tiphys.cel.syntax.Problem;
import java.util.List;

/// Finds literals in an expression that are of no use: texts that are no spans, points in time or
/// regular expressions where they are taken for one, and lists and maps of mixed types, but for
/// what is formatted.
public final class LiteralRules {

  private final Checked checked;
  private final List<Problem> problems;

  private LiteralRules(Checked checked, List<Problem> problems) {
    this.checked = checked;
    this.problems = problems;
  }

  /// @param problems what is wrong
  public static void check(Checked checked, List<Problem> problems) {
    new LiteralRules(checked, problems).check(checked.root(), false);
  }

  /// @param mixed whether lists and maps may have mixed types
  private void check(Expr expr, boolean mixed) {
    switch (expr) {
      case Expr.Literal _, Expr.Ident _ -> {}
      case Expr.Select select -> check(select.operand(), mixed);
      case Expr.Call call -> {
        boolean formats = mixed || call.function().equals("format");
        if (call.target() != null) {
          check(call.target(), formats);
        }
        call.arguments().forEach(argument -> check(argument, formats));
        call(call);
      }
      case Expr.ListOf list -> {
        list.elements().forEach(element -> check(element, mixed));
        if (!mixed) {
          List<Boolean> optional = list.optional();
          same(list.elements(), optional);
        }
      }
      case Expr.MapOf map -> {
        entries(map.entries(), mixed);
        if (!mixed) {
          List<Boolean> optional = map.entries().stream().map(Expr.Entry::optional).toList();
          same(map.entries().stream().map(Expr.Entry::key).toList(), List.of());
          same(map.entries().stream().map(Expr.Entry::value).toList(), optional);
        }
      }
      case Expr.Message message -> entries(message.fields(), mixed);
      case Expr.Fold fold -> {
        for (Expr part :
            List.of(fold.range(), fold.start(), fold.condition(), fold.step(), fold.result())) {
          check(part, mixed);
        }
      }
    }
  }

  private void entries(List<Expr.Entry> entries, boolean mixed) {
    for (Expr.Entry entry : entries) {
      check(entry.key(), mixed);
      check(entry.value(), mixed);
    }
  }

  /// All parts have the type of the first.
  private void same(List<Expr> parts, List<Boolean> optional) {
    Type first = null;
    for (int i = 0; i < parts.size(); i++) {
      Type type = checked.type(parts.get(i));
      type = i < optional.size() && optional.get(i) ? type.unwrapped() : type;
      if (first == null) {
        first = type;
      } else if (!first.equals(type)) {
        String text = "expected type '" + first + "' but found '" + type + "'";
        problems.add(new Problem(parts.get(i).position(), text));
        return;
      }
    }
  }

  private void call(Expr.Call call) {
    if (call.arguments().isEmpty()
        || !(call.arguments().getLast() instanceof Expr.Literal(int position, Object value))) {
      return;
    }
    boolean sound =
        switch (call.function()) {
          case "duration" -> call.target() != null || converts(() -> Conversions.toSpan(value));
          case "timestamp" -> call.target() != null || converts(() -> Conversions.toTime(value));
          case "matches" -> !(value instanceof String text) || converts(() -> Regex.of(text));
          default -> true;
        };
    if (!sound) {
      problems.add(new Problem(position, "invalid " + call.function() + " argument"));
    }
  }

  private static boolean converts(Runnable conversion) {
    try {
      conversion.run();
      return true;
    } catch (EvaluationException | IllegalArgumentException e) {
      return false;
    }
  }
}

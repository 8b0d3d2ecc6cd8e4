package dev.tiphys.cel.check;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.eval.Conversions;
import dev.tiphys.cel.syntax.Expr;
import dev.tiphys.cel.syntax.Problem;
import java.util.List;

/// Finds texts in an expression that are no spans, points in time or regular expressions where they
/// are taken for one.
public final class LiteralRules {

  private LiteralRules() {}

  /// @param problems what is wrong
  public static void check(Expr expr, List<Problem> problems) {
    switch (expr) {
      case Expr.Literal _, Expr.Ident _ -> {}
      case Expr.Select select -> check(select.operand(), problems);
      case Expr.Call call -> {
        if (call.target() != null) {
          check(call.target(), problems);
        }
        call.arguments().forEach(argument -> check(argument, problems));
        call(call, problems);
      }
      case Expr.ListOf list -> list.elements().forEach(element -> check(element, problems));
      case Expr.MapOf map -> entries(map.entries(), problems);
      case Expr.Message message -> entries(message.fields(), problems);
      case Expr.Fold fold -> {
        for (Expr part :
            List.of(fold.range(), fold.start(), fold.condition(), fold.step(), fold.result())) {
          check(part, problems);
        }
      }
    }
  }

  private static void entries(List<Expr.Entry> entries, List<Problem> problems) {
    for (Expr.Entry entry : entries) {
      check(entry.key(), problems);
      check(entry.value(), problems);
    }
  }

  private static void call(Expr.Call call, List<Problem> problems) {
    if (call.arguments().isEmpty()
        || !(call.arguments().getLast() instanceof Expr.Literal(int position, String text))) {
      return;
    }
    boolean sound =
        switch (call.function()) {
          case "duration" -> call.target() != null || converts(() -> Conversions.toSpan(text));
          case "timestamp" -> call.target() != null || converts(() -> Conversions.toTime(text));
          case "matches" -> converts(() -> Pattern.compile(text));
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
    } catch (EvaluationException | PatternSyntaxException e) {
      return false;
    }
  }
}

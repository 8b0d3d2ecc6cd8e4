package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.apiserver.admission.AdmissionMetrics;
import dev.tiphys.apiserver.admission.expression.Conditions.Asking;
import dev.tiphys.apiserver.admission.expression.Conditions.Match;
import dev.tiphys.apiserver.admission.expression.Evaluation;
import dev.tiphys.apiserver.admission.expression.Given;
import dev.tiphys.apiserver.admission.expression.OutOfBudgetException;
import dev.tiphys.apiserver.admission.policy.ValidatingPolicy.Check;
import dev.tiphys.apiserver.admission.policy.ValidatingPolicy.Note;
import dev.tiphys.schema.expressions.Compiled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a validating policy says of a request, for one binding and one set of parameters.
///
/// @param decisions what is wrong with the request
/// @param ignored what could not be told, and is let pass by the failure policy
/// @param annotations for the audit log
/// @param unannotated what kept annotations from being made
record Validation(
    List<Decision> decisions,
    List<Decision> ignored,
    Map<String, String> annotations,
    List<Decision> unannotated) {

  private static final Validation NOT_MEANT =
      new Validation(List.of(), List.of(), Map.of(), List.of());
  private static final int LONGEST_MESSAGE = 5 * 1024;

  /// @param metrics which are told of conditions, and have a clock
  static Validation of(ValidatingPolicy policy, Given given, AdmissionMetrics metrics) {
    Asking asking = new Asking(metrics, "policy", policy.common().name(), "validate");
    switch (policy.common().conditions().match(given, asking)) {
      case Match.No() -> {
        return NOT_MEANT;
      }
      case Match.Unknown(String error) -> {
        return failed(policy, error);
      }
      case Match.Yes() -> {}
    }
    List<Decision> decisions;
    try {
      decisions = decisions(policy, given, metrics);
    } catch (OutOfBudgetException e) {
      return failed(policy, e.text());
    }
    Map<String, String> annotations = new LinkedHashMap<>();
    List<Decision> unannotated = new ArrayList<>();
    try {
      annotate(policy, given, annotations, unannotated, metrics);
    } catch (OutOfBudgetException e) {
      return failed(policy, e.text());
    }
    boolean ignores = policy.common().ignoresFailures();
    Predicate<Decision> isIgnored = each -> ignores && each.failed();
    return new Validation(
        decisions.stream().filter(isIgnored.negate()).toList(),
        decisions.stream().filter(isIgnored).toList(),
        annotations,
        unannotated);
  }

  /// The failure policy decides.
  private static Validation failed(ValidatingPolicy policy, String problem) {
    List<Decision> decided = List.of(Decision.failed(0, problem, 0));
    return policy.common().ignoresFailures()
        ? new Validation(List.of(), decided, Map.of(), List.of())
        : new Validation(decided, List.of(), Map.of(), List.of());
  }

  private static List<Decision> decisions(
      ValidatingPolicy policy, Given given, AdmissionMetrics metrics) throws OutOfBudgetException {
    Evaluation evaluation =
        new Evaluation(given, policy.common().compiler(), true, Evaluation.BUDGET);
    List<Evaluation.Result> results = new ArrayList<>();
    long[] spans = new long[policy.validations().size()];
    for (Check check : policy.validations()) {
      long begun = metrics.nanoTime();
      Evaluation.Result result = evaluation.evaluate(check.condition());
      spans[results.size()] = metrics.nanoTime() - begun;
      results.add(result);
    }
    Messages messages = new Messages(policy, given, evaluation.budget());
    List<Decision> decisions = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      Check check = policy.validations().get(i);
      switch (results.get(i)) {
        case Evaluation.Failed(String problem) ->
            decisions.add(Decision.failed(i, problem, spans[i]));
        case Evaluation.Value(Object value) -> {
          String spent = messages.problem();
          if (!spent.isEmpty()) {
            decisions.add(Decision.failed(i, "failed messageExpression: " + spent, spans[i]));
          } else if (!Boolean.TRUE.equals(value)) {
            decisions.add(new Decision(i, messages.of(i, check), check.reason(), false, spans[i]));
          }
        }
      }
    }
    return decisions;
  }

  /// What tells why validations fail: all are evaluated, since together they have a budget.
  private static final class Messages {
    private final List<String> told = new ArrayList<>();
    private String problem = "";

    Messages(ValidatingPolicy policy, Given given, long budget) {
      Evaluation evaluation = new Evaluation(given, policy.common().compiler(), false, budget);
      try {
        for (Check check : policy.validations()) {
          told.add(text(evaluation, check.telling()));
        }
      } catch (OutOfBudgetException e) {
        problem = e.text();
      }
    }

    private static String text(Evaluation evaluation, @Nullable Compiled telling)
        throws OutOfBudgetException {
      if (telling != null
          && evaluation.evaluate(telling) instanceof Evaluation.Value(String text)) {
        String message = text.strip();
        boolean tooLong = message.getBytes(StandardCharsets.UTF_8).length > LONGEST_MESSAGE;
        return tooLong || message.indexOf('\n') >= 0 ? "" : message;
      }
      return "";
    }

    /// What kept them from being told; empty if nothing did.
    String problem() {
      return problem;
    }

    String of(int index, Check check) {
      String message = told.get(index);
      message = message.isEmpty() ? check.message() : message;
      return message.isEmpty()
          ? "failed expression: " + check.condition().expression().strip()
          : message;
    }
  }

  private static void annotate(
      ValidatingPolicy policy,
      Given given,
      Map<String, String> annotations,
      List<Decision> unannotated,
      AdmissionMetrics metrics)
      throws OutOfBudgetException {
    Evaluation evaluation =
        new Evaluation(given, policy.common().compiler(), false, Evaluation.BUDGET);
    for (Note note : policy.annotations()) {
      long begun = metrics.nanoTime();
      switch (evaluation.evaluate(note.value())) {
        case Evaluation.Value(Object value) -> {
          if (value instanceof String text && !text.isBlank()) {
            annotations.put(note.key(), text.strip());
          }
        }
        case Evaluation.Failed(String problem) -> {
          if (!policy.common().ignoresFailures()) {
            unannotated.add(Decision.failed(0, problem, metrics.nanoTime() - begun));
          }
        }
      }
    }
  }
}

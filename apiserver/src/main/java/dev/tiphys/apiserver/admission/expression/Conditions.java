package dev.tiphys.apiserver.admission.expression;

import dev.tiphys.apiserver.admission.AdmissionMetrics;
import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.expressions.AdmissionCompiler;
import dev.tiphys.schema.expressions.Compiled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The conditions under which a webhook or policy is about a request: all of them must hold.
///
/// Threads: any; immutable.
public final class Conditions {

  private final Supplier<AdmissionCompiler> compiler;
  private final List<Compiled> all;
  private final boolean ignores;

  /// None, so that every request is meant.
  public static final Conditions NONE =
      new Conditions(AdmissionCompiler::ofWebhooks, List.of(), false);

  /// Whether they hold.
  public sealed interface Match {
    record Yes() implements Match {}

    record No() implements Match {}

    /// It can't be told.
    record Unknown(String error) implements Match {}
  }

  private Conditions(Supplier<AdmissionCompiler> compiler, List<Compiled> all, boolean ignores) {
    this.compiler = compiler;
    this.all = all;
    this.ignores = ignores;
  }

  /// @param holder a webhook, or the spec of a policy
  public static Conditions of(Struct holder, AdmissionCompiler compiler) {
    List<Compiled> all =
        holder.structs("matchConditions").stream()
            .map(each -> compiler.condition(each.string("expression")))
            .toList();
    return new Conditions(() -> compiler, all, holder.string("failurePolicy").equals("Ignore"));
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /// One that does not hold decides, whatever is wrong with others. Failures decide after that: by
  /// the failure policy `Ignore` the request is not meant.
  ///
  /// @param asking whose conditions they are, for what is measured
  public Match match(Given given, Asking asking) {
    if (all.isEmpty()) {
      return new Match.Yes();
    }
    List<String> errors = new ArrayList<>();
    long begun = asking.metrics.nanoTime();
    Match match = match(given, errors);
    asking.metrics.conditions(
        asking.kind,
        asking.name,
        given.incoming().request().operation().name(),
        asking.type,
        errors.size(),
        asking.metrics.nanoTime() - begun);
    return match;
  }

  /// What is measured of conditions.
  ///
  /// @param kind `webhook` or `policy`
  /// @param name of the webhook or policy
  /// @param type `admit` or `validate`
  public record Asking(AdmissionMetrics metrics, String kind, String name, String type) {}

  /// @param errors takes what is wrong with conditions
  private Match match(Given given, List<String> errors) {
    Evaluation evaluation =
        new Evaluation(given, compiler.get(), true, Evaluation.CONDITIONS_BUDGET);
    try {
      for (Compiled each : all) {
        switch (evaluation.evaluate(each)) {
          case Evaluation.Value(Object value) -> {
            if (Boolean.FALSE.equals(value)) {
              return new Match.No();
            }
          }
          case Evaluation.Failed(String problem) -> errors.add(problem);
        }
      }
    } catch (OutOfBudgetException e) {
      errors.clear();
      errors.add(e.text());
    }
    if (errors.isEmpty()) {
      return new Match.Yes();
    }
    return ignores ? new Match.No() : new Match.Unknown(Decision.aggregate(errors));
  }
}

package dev.tiphys.delivery.measuring;

import dev.tiphys.delivery.condition.Condition;
import dev.tiphys.delivery.condition.ConditionException;
import dev.tiphys.delivery.model.AnalysisPhase;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is measured, with names, types and defaults.
///
/// @param spec a metric of an AnalysisRun, with its arguments in it
public record Metric(Struct spec) {

  private static final long DEFAULT_ERRORS = 4;

  public String name() {
    return spec.string("name");
  }

  /// Where measurements come from: one field, whose name tells the kind.
  public Struct provider() {
    return spec.struct("provider");
  }

  /// How long after the end of a measurement the next one begins; null if there is to be one only.
  @Nullable Duration interval() {
    return spec.has("interval") ? GoDuration.parse(spec.string("interval")) : null;
  }

  /// How long after the run's start the first one begins.
  Duration initialDelay() {
    return spec.has("initialDelay") ? GoDuration.parse(spec.string("initialDelay")) : Duration.ZERO;
  }

  /// How many measurements there are; null if they go on until the run is ended.
  @Nullable Long count() {
    long given = number("count", 0);
    if (given > 0) {
      return given;
    }
    return spec.has("interval") ? null : Long.valueOf(1);
  }

  /// How many may fail; negative if any number may.
  long failureLimit() {
    return number("failureLimit", 0);
  }

  long inconclusiveLimit() {
    return number("inconclusiveLimit", 0);
  }

  long consecutiveErrorLimit() {
    return number("consecutiveErrorLimit", DEFAULT_ERRORS);
  }

  /// How many successes in a row are enough; 0 if it does not matter.
  long consecutiveSuccessLimit() {
    return number("consecutiveSuccessLimit", 0);
  }

  /// A number that may be written as a text, since it may come of an argument.
  ///
  /// @throws NumberFormatException if it is none
  long number(String field, long otherwise) {
    return switch (spec.get(field)) {
      case Long number -> number;
      case String text -> Long.parseLong(text.strip());
      case null, default -> otherwise;
    };
  }

  /// What the conditions say of what was measured.
  ///
  /// @param result a tree as JSON has it
  /// @throws ConditionException if one can't be read or applied
  public AnalysisPhase judged(Object result, Instant now) {
    boolean hasSuccess = spec.has("successCondition");
    boolean hasFailure = spec.has("failureCondition");
    boolean success = hasSuccess && holds("successCondition", result, now);
    boolean failure = hasFailure && holds("failureCondition", result, now);
    if (failure || (hasSuccess && !hasFailure && !success)) {
      return AnalysisPhase.FAILED;
    }
    return hasSuccess && !success ? AnalysisPhase.INCONCLUSIVE : AnalysisPhase.SUCCESSFUL;
  }

  private boolean holds(String field, Object result, Instant now) {
    String condition = spec.string(field);
    try {
      return Condition.of(condition).isTrueOf(result, now);
    } catch (ConditionException e) {
      boolean empty = result == Null.NULL || (result instanceof List<?> list && list.isEmpty());
      throw new ConditionException(
          "could not evaluate %s \"%s\": %s"
              .formatted(
                  field,
                  condition,
                  empty
                      ? "metric result is nil or empty: no data returned from the metric provider"
                      : e.message()));
    }
  }
}

package dev.tiphys.schema.validation.extension;

import dev.tiphys.cel.Range;
import dev.tiphys.schema.validation.FieldValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// What the expressions of a schema cost, in the worst case.
///
/// Threads: one; made for one schema.
final class SchemaCosts {

  /// What an expression may cost for all values that it is evaluated for.
  static final long PER_EXPRESSION = 10_000_000;

  private static final long PER_SCHEMA = 100_000_000;
  private static final int MOST_TOLD = 4;

  private final List<Cost> highest = new ArrayList<>();
  private long total;

  private record Cost(FieldValue place, long cost) {}

  void add(FieldValue expression, long cost) {
    total = new Range(0, total).plus(new Range(0, cost)).max();
    if (cost >= PER_SCHEMA / 100) {
      highest.add(new Cost(expression, cost));
    }
  }

  /// @param schema the whole schema
  void check(FieldValue schema) {
    if (total <= PER_SCHEMA) {
      return;
    }
    highest.stream()
        .sorted(Comparator.comparingLong(Cost::cost).reversed())
        .limit(MOST_TOLD)
        .forEach(
            cost ->
                cost.place()
                    .reportingTo(schema.errors())
                    .forbidden(
                        "contributed to estimated rule cost total exceeding cost limit for entire"
                            + " OpenAPIv3 schema"));
    schema.forbidden(
        problem(
            "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema",
            total,
            PER_SCHEMA));
  }

  static String problem(String what, long cost, long limit) {
    double times = (double) cost / limit;
    String factor =
        times > 100
            ? "more than 100x"
            : String.format(Locale.ROOT, times < 1.5 ? "%fx" : "%.1fx", times);
    return what
        + " exceeds budget by factor of "
        + factor
        + " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where"
        + " arrays, maps, and strings are declared)";
  }
}

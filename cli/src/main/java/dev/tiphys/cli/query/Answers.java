package dev.tiphys.cli.query;

import dev.tiphys.cli.rollouts.view.Columns;
import dev.tiphys.monitoring.query.QueryResult;
import dev.tiphys.monitoring.query.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// What queries found, for a terminal.
final class Answers {

  private static final String NAME = "__name__";

  private Answers() {}

  /// A line for each series, and a column for each label that one of them has.
  static List<String> table(QueryResult result) {
    if (result.type().equals("string")) {
      return List.of(result.text());
    }
    if (result.series().isEmpty()) {
      return List.of("nothing is found");
    }
    TreeSet<String> labels = new TreeSet<>();
    result.series().forEach(one -> labels.addAll(one.labels().names()));
    boolean named = labels.remove(NAME);
    List<String> names = new ArrayList<>();
    if (named) {
      names.add(NAME);
    }
    names.addAll(labels);
    Columns table = new Columns();
    table.add(
        row(names, name -> name.equals(NAME) ? "METRIC" : name.toUpperCase(Locale.ROOT), "VALUE"));
    for (Series one : result.series()) {
      table.add(row(names, name -> one.labels().string(name), Numbers.text(one.last())));
    }
    return table.lines(false);
  }

  private static String[] row(List<String> names, UnaryOperator<String> text, String value) {
    List<String> row = new ArrayList<>();
    names.forEach(name -> row.add(text.apply(name)));
    row.add(value);
    return row.toArray(String[]::new);
  }

  /// A small chart for each series, under its name.
  static List<String> charts(QueryResult result, Instant begin, Duration step, int steps) {
    if (result.series().isEmpty()) {
      return List.of("nothing is found");
    }
    List<String> lines = new ArrayList<>();
    for (Series one : result.series()) {
      DoubleSummaryStatistics finite =
          one.samples().stream()
              .mapToDouble(Series.Sample::number)
              .filter(Double::isFinite)
              .summaryStatistics();
      String span =
          finite.getCount() == 0
              ? ""
              : Numbers.text(finite.getMin()) + " to " + Numbers.text(finite.getMax()) + ", ";
      lines.add(one.toString());
      lines.add(
          "  %s  %snow %s"
              .formatted(
                  Sparkline.of(one.samples(), begin, step, steps), span, Numbers.text(one.last())));
    }
    return lines;
  }
}

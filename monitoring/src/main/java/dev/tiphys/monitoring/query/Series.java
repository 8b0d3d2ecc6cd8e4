package dev.tiphys.monitoring.query;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Samples with the same labels.
///
/// @param labels with the name of the metric as `__name__`, if it has one
/// @param samples in the order of their times; at least one
public record Series(Struct labels, List<Sample> samples) {

  private static final String NAME = "__name__";

  public Series {
    samples = List.copyOf(samples);
  }

  /// @param value as Prometheus writes it, from which `number` is read
  public record Sample(Instant time, double number, String value) {

    private static final double MILLIS = 1000;

    /// A sample as answers have it: seconds, and the value as a text.
    static Sample of(List<?> pair) throws QueryException {
      if (pair.size() == 2
          && pair.get(0) instanceof Number seconds
          && pair.get(1) instanceof String value) {
        Instant time = Instant.ofEpochMilli(Math.round(seconds.doubleValue() * MILLIS));
        return new Sample(time, number(value), value);
      }
      throw new QueryException("", "Prometheus answered with what is no sample: " + pair);
    }

    private static double number(String text) throws QueryException {
      return switch (text) {
        case "NaN" -> Double.NaN;
        case "+Inf" -> Double.POSITIVE_INFINITY;
        case "-Inf" -> Double.NEGATIVE_INFINITY;
        default -> {
          try {
            yield Double.parseDouble(text);
          } catch (NumberFormatException e) {
            throw new QueryException("", "Prometheus answered with what is no number: " + text);
          }
        }
      };
    }
  }

  /// The last value.
  public Sample last() {
    return samples.getLast();
  }

  /// As PromQL writes it: `up{job="web"}`.
  @Override
  public String toString() {
    List<String> pairs = new ArrayList<>();
    for (String name : labels.names()) {
      if (!name.equals(NAME)) {
        pairs.add(name + "=" + Json.text(labels.string(name)));
      }
    }
    String name = labels.string(NAME);
    return pairs.isEmpty() && !name.isEmpty() ? name : name + "{" + String.join(", ", pairs) + "}";
  }
}

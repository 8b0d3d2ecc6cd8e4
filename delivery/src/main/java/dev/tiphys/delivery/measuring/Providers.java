package dev.tiphys.delivery.measuring;

import java.util.Map;

/// The providers there are, by the field of a metric's `provider` that asks for them.
public record Providers(Map<String, Provider> byField) {

  public Providers {
    byField = Map.copyOf(byField);
  }

  /// @throws MeasuringException if there is none for this metric
  Provider of(Metric metric) {
    String field = metric.provider().name(0);
    Provider provider = byField.get(field);
    if (provider == null) {
      throw new MeasuringException(
          "no valid provider in metric '%s': %s is not supported".formatted(metric.name(), field));
    }
    return provider;
  }
}

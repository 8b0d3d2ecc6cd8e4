package dev.tiphys.scheduler.framework;

import java.util.List;

/// The plugins that decide, in their order.
public record Profile(List<FilterPlugin> filters, List<ScorePlugin> scores) {

  public Profile {
    filters = List.copyOf(filters);
    scores = List.copyOf(scores);
  }
}

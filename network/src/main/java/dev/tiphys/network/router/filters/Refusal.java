package dev.tiphys.network.router.filters;

import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.Passage;

/// Answers all requests with a status: what was to protect them can't be had.
public record Refusal(int status) implements Filter {

  @Override
  public void filter(Passage passage) {
    passage.answer(status);
  }
}

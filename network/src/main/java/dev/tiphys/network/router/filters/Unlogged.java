package dev.tiphys.network.router.filters;

import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.Passage;

/// Keeps requests out of the access log.
public record Unlogged() implements Filter {
  @Override
  public void filter(Passage passage) {
    passage.leaveOutOfLog();
    passage.goOn();
  }
}

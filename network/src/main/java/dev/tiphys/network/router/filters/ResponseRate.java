package dev.tiphys.network.router.filters;

import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.Passage;

/// Has responses passed on no faster than at a rate, each by itself.
///
/// @param perSecond in bytes
/// @param after how many bytes are passed on before the rate counts
public record ResponseRate(long perSecond, long after) implements Filter {

  @Override
  public void filter(Passage passage) {
    passage.limitRate(perSecond, after);
    passage.goOn();
  }
}

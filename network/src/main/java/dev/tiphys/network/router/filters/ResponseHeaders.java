package dev.tiphys.network.router.filters;

import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Passage;

/// Changes headers of all responses, whatever responds.
public record ResponseHeaders(HeaderEdits edits) implements Filter {

  @Override
  public void filter(Passage passage) {
    passage.editResponse(edits);
    passage.goOn();
  }
}

package dev.tiphys.network.router.filters;

import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.HeaderEdits;
import dev.tiphys.network.router.table.Passage;

/// Changes headers of responses to clients that came by TLS.
public record SecureHeaders(HeaderEdits edits) implements Filter {

  @Override
  public void filter(Passage passage) {
    if (passage.request().scheme().equals("https")) {
      passage.editResponse(edits);
    }
    passage.goOn();
  }
}

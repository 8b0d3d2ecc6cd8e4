package dev.tiphys.network.router.filters;

import dev.tiphys.network.router.table.Filter;
import dev.tiphys.network.router.table.Passage;

/// Answers 413 to requests with more content than a limit: at once if they tell its length, else
/// when the limit is passed.
///
/// @param most in bytes
public record ContentSize(long most) implements Filter {

  @Override
  public void filter(Passage passage) {
    String length = passage.request().header("content-length");
    if (length != null && isLarger(length)) {
      passage.answer(413);
      return;
    }
    passage.limitContent(most);
    passage.goOn();
  }

  private boolean isLarger(String length) {
    try {
      return Long.parseLong(length.strip()) > most;
    } catch (NumberFormatException e) {
      return false; // more digits than a length has: the content itself is counted
    }
  }
}

package dev.tiphys.store.embedded.disk;

import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;

/// The errors for stored bytes that are not what was written.
public final class Corruption {

  private Corruption() {}

  public static StoreException at(String path, long offset, String what) {
    return new StoreException(
        Reason.CORRUPT,
        """
        %s is damaged at byte %d: %s. Nothing was changed. Put the directory back from a backup; \
        if there is none, move it away and begin anew."""
            .formatted(path, offset, what));
  }

  public static StoreException missing(String path, String why) {
    return new StoreException(
        Reason.CORRUPT,
        """
        %s is missing: %s. Nothing was changed. Put the file or the whole directory back from a \
        backup; if there is none, move it away and begin anew."""
            .formatted(path, why));
  }
}

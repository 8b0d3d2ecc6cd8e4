package dev.tiphys.network;

import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;

/// What an edge serves.
public final class Tables {

  private Tables() {}

  /// Waits until a port serves an object as it was written, or as it was written later: a status
  /// may have been by now.
  ///
  /// @param feeder what serves objects of its kind
  public static void awaitServed(LiveApi api, Edge edge, int port, String feeder, Struct written)
      throws Exception {
    long revision = Meta.of(written).revision();
    api.eventually(
        () -> Long.parseLong(edge.revisions(port).getOrDefault(feeder, "0")) >= revision);
  }
}

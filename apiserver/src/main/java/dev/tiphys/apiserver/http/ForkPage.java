package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.http.query.PastParameter;
import dev.tiphys.apiserver.past.Forks;
import dev.tiphys.http.Body;
import java.util.List;

/// The whole store as it was, for another cluster to begin from: `/fork` as it is now, `/fork/AT`
/// as it was at a revision, at a time, or some time ago.
final class ForkPage implements ServerHandler.Page {

  private static final String ROOT = "/fork";

  private final Forks forks;

  ForkPage(Forks forks) {
    this.forks = forks;
  }

  @Override
  public boolean answer(String path, ResponseWriter response) {
    if (!path.equals(ROOT) && !path.startsWith(ROOT + "/")) {
      return false;
    }
    byte[] content =
        path.equals(ROOT)
            ? forks.now()
            : forks.at(PastParameter.version(path.substring(ROOT.length() + 1)));
    response.sendLarge(200, "application/octet-stream", Body.of(content), List.of());
    return true;
  }
}

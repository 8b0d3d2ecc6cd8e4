package dev.tiphys.network.router.table;

import java.util.Map;
import java.util.Set;

/// Pages that clients are shown in the place of what a backend or the proxy answers.
///
/// @param statuses of the answers that are replaced
/// @param forward where the pages come from
/// @param headers what is told of the request that failed; its status goes by `X-Code`
public record ErrorPages(
    Set<Integer> statuses, Action.Forward forward, Map<String, String> headers) {

  public ErrorPages {
    statuses = Set.copyOf(statuses);
    headers = Map.copyOf(headers);
  }
}

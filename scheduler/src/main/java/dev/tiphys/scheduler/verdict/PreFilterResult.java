package dev.tiphys.scheduler.verdict;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a plugin says before any node is looked at.
///
/// @param refusal why no node will do; null if one may
/// @param only the only nodes that are worth a look; null if any may be
/// @param filter what is to be asked about the nodes; null if nothing is
public record PreFilterResult(
    @Nullable Rejection refusal, @Nullable Set<String> only, @Nullable Filter filter) {

  /// Nothing to say.
  public static final PreFilterResult SKIP = new PreFilterResult(null, null, null);

  public static PreFilterResult refuse(Rejection why) {
    return new PreFilterResult(why, null, null);
  }

  public static PreFilterResult only(Set<String> nodes) {
    return new PreFilterResult(null, nodes, null);
  }

  public static PreFilterResult of(Filter filter) {
    return new PreFilterResult(null, null, filter);
  }
}

package dev.tiphys.cli.roles;

import dev.tiphys.client.Api;
import dev.tiphys.client.leader.ElectionSettings;
import dev.tiphys.client.leader.LeaderElection;
import dev.tiphys.client.leader.Term;
import dev.tiphys.world.World;
import java.util.Optional;
import java.util.function.Function;

/// Parts of a cluster of which only one process may run them at a time.
public final class Leading {

  private Leading() {}

  /// @param component what reports events about the election
  /// @param start makes and starts them
  public record Parts(String component, Function<Term, ? extends AutoCloseable> start) {}

  /// Runs them while this process leads, or at once and for good if no leader is to be elected.
  ///
  /// @param api what the election writes through
  public static AutoCloseable start(
      World world, Api api, Optional<ElectionSettings> election, Parts parts) {
    if (election.isEmpty()) {
      return parts.start().apply(Term.ENDLESS);
    }
    return new LeaderElection(world, api, election.get(), parts.component(), parts.start()).start();
  }
}

package dev.tiphys.cli.roles;

import dev.tiphys.client.Api;
import dev.tiphys.client.leader.ElectionSettings;
import dev.tiphys.client.leader.LeaderElection;
import dev.tiphys.client.leader.Term;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.world.World;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Parts of a cluster of which only one process may run them at a time.
///
/// Threads: any.
public final class Leading implements AutoCloseable {

  private final AutoCloseable running;
  private final @Nullable LeaderElection election;

  private Leading(AutoCloseable running, @Nullable LeaderElection election) {
    this.running = running;
    this.election = election;
  }

  /// @param component what reports events about the election
  /// @param start makes and starts them
  public record Parts(String component, Function<Term, ? extends AutoCloseable> start) {}

  /// Runs them while this process leads, or at once and for good if no leader is to be elected.
  ///
  /// @param api what the election writes through
  public static Leading start(
      World world, Api api, Optional<ElectionSettings> election, Parts parts) {
    if (election.isEmpty()) {
      return new Leading(parts.start().apply(Term.ENDLESS), null);
    }
    LeaderElection begun =
        new LeaderElection(world, api, election.get(), parts.component(), parts.start()).start();
    return new Leading(begun, begun);
  }

  /// Whether nothing works that must not.
  public boolean isHealthy() {
    return election == null || election.isHealthy();
  }

  /// Tells of which elections this process is the winner.
  public static void write(Exposition out, List<Leading> all) {
    if (all.stream().noneMatch(each -> each.election != null)) {
      return;
    }
    out.family(
        "leader_election_master_status",
        "gauge",
        "Whether this process is the leader: 1 if it is, 0 if another may be.");
    for (Leading each : all) {
      if (each.election != null) {
        out.sample(
            "leader_election_master_status",
            "name=\"" + each.election.name() + "\"",
            each.election.isLeading() ? 1 : 0);
      }
    }
  }

  @Override
  public void close() throws Exception {
    running.close();
  }
}

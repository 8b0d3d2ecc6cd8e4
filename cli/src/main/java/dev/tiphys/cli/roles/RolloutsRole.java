package dev.tiphys.cli.roles;

import dev.tiphys.client.Api;
import dev.tiphys.client.leader.ElectionSettings;
import dev.tiphys.delivery.Rollouts;
import dev.tiphys.world.World;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// New versions of workloads that come step by step, in one process at a time.
///
/// Threads: any.
public final class RolloutsRole implements AutoCloseable {

  /// The user that acts on Rollouts.
  public static final String USER = "system:tiphys:rollouts";

  private final Leading leading;
  private volatile @Nullable Rollouts working; // the last ones, at least

  private RolloutsRole(World world, Api api, String identity) {
    this.leading =
        Leading.start(
            world,
            api,
            Optional.of(ElectionSettings.of(Rollouts.LEASE, identity)),
            new Leading.Parts(
                Rollouts.NAME,
                term -> {
                  Rollouts started = Rollouts.start(world, term.fenced(api));
                  working = started;
                  return started;
                }));
  }

  /// Starts what acts on Rollouts, while this process leads.
  ///
  /// @param api as it sees the cluster
  /// @param identity what tells this process from others
  public static RolloutsRole start(World world, Api api, String identity) {
    return new RolloutsRole(world, api, identity);
  }

  /// The election.
  public Leading leading() {
    return leading;
  }

  /// Which other program acts on Rollouts instead; empty if this does.
  public String leftTo() {
    Rollouts rollouts = working;
    return rollouts == null ? "" : rollouts.leftTo();
  }

  @Override
  public void close() throws Exception {
    leading.close();
  }
}

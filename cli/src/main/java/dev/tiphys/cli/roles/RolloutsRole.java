package dev.tiphys.cli.roles;

import dev.tiphys.client.Api;
import dev.tiphys.client.leader.ElectionSettings;
import dev.tiphys.delivery.Rollouts;
import dev.tiphys.world.World;
import java.util.Optional;

/// New versions of workloads that come step by step, in one process at a time.
public final class RolloutsRole {

  /// The user that acts on Rollouts.
  public static final String USER = "system:tiphys:rollouts";

  private RolloutsRole() {}

  /// Starts what acts on Rollouts, while this process leads.
  ///
  /// @param api as it sees the cluster
  /// @param identity what tells this process from others
  public static Leading start(World world, Api api, String identity) {
    return Leading.start(
        world,
        api,
        Optional.of(ElectionSettings.of(Rollouts.LEASE, identity)),
        new Leading.Parts(Rollouts.NAME, term -> Rollouts.start(world, term.fenced(api))));
  }
}

package dev.tiphys.cli.roles;

import dev.tiphys.client.Api;
import dev.tiphys.client.leader.ElectionSettings;
import dev.tiphys.client.leader.Leavable;
import dev.tiphys.world.World;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A part that works in one process at a time, and that may be left to another program.
///
/// Threads: any.
public final class LedPart<P extends Leavable> implements AutoCloseable {

  private final Leading leading;
  private volatile @Nullable P working; // the last one, at least

  private LedPart(
      World world,
      Api api,
      ElectionSettings election,
      String name,
      BiFunction<World, Api, P> part) {
    this.leading =
        Leading.start(
            world,
            api,
            Optional.of(election),
            new Leading.Parts(
                name,
                term -> {
                  P started = part.apply(world, term.fenced(api));
                  working = started;
                  return started;
                }));
  }

  /// Starts the part while this process leads.
  ///
  /// @param api as the part sees the cluster
  /// @param name of the part
  /// @param part starts it
  public static <P extends Leavable> LedPart<P> start(
      World world,
      Api api,
      ElectionSettings election,
      String name,
      BiFunction<World, Api, P> part) {
    return new LedPart<>(world, api, election, name, part);
  }

  /// The election.
  public Leading leading() {
    return leading;
  }

  /// Which other program does the work instead; empty if this does.
  public String leftTo() {
    P part = working;
    return part == null ? "" : part.leftTo();
  }

  /// Does something with the part, if it has worked here.
  public void with(Consumer<P> action) {
    P part = working;
    if (part != null) {
      action.accept(part);
    }
  }

  @Override
  public void close() throws Exception {
    leading.close();
  }
}

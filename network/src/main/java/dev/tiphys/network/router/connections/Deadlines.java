package dev.tiphys.network.router.connections;

import dev.tiphys.world.World;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;

/// What must be over by some time. To move a deadline is to write a field: a sweep looks at all of
/// them now and then, so they are met some 50 ms late at most.
///
/// Threads: the event loop.
public final class Deadlines {

  private static final Duration SWEEP = Duration.ofMillis(50);
  private static final long NEVER = Long.MAX_VALUE;

  private final World world;
  private final EventLoop loop;
  private final Set<Deadline> all = new HashSet<>();
  private boolean sweeping;

  /// @param loop on which all of them are looked at
  public Deadlines(World world, EventLoop loop) {
    this.world = world;
    this.loop = loop;
  }

  /// A deadline that is not set.
  public Deadline add(Runnable over) {
    Deadline deadline = new Deadline(over);
    all.add(deadline);
    if (!sweeping) {
      sweeping = true;
      sweepLater();
    }
    return deadline;
  }

  private void sweepLater() {
    world
        .background()
        .schedule(
            SWEEP,
            () -> {
              if (!loop.isShuttingDown()) {
                loop.execute(this::sweep);
              }
            });
  }

  private void sweep() {
    long now = world.nanoTime();
    var over = new ArrayList<Deadline>();
    for (Deadline each : all) {
      if (each.isOver(now)) {
        over.add(each);
      }
    }
    for (Deadline each : over) {
      if (each.isOver(now)) { // not one that was moved by what came of those before it
        each.at = NEVER;
        each.over.run();
      }
    }
    sweeping = !all.isEmpty();
    if (sweeping) {
      sweepLater();
    }
  }

  /// One of them.
  public final class Deadline {
    private final Runnable over;
    private long at = NEVER;

    private Deadline(Runnable over) {
      this.over = over;
    }

    private boolean isOver(long now) {
      return at != NEVER && now - at >= 0;
    }

    /// Sets it; a span of zero stands for never.
    public void in(Duration span) {
      at = span.isZero() ? NEVER : world.nanoTime() + span.toNanos();
    }

    /// Sets it to a span from now, and no later than a time; either may be left out.
    ///
    /// @param end a time on the world's clock of nanoseconds; [Long#MAX_VALUE] for none
    public void in(Duration span, long end) {
      in(span);
      if (end != NEVER && (at == NEVER || end - at < 0)) {
        at = end;
      }
    }

    /// It is needed no longer.
    public void drop() {
      at = NEVER;
      all.remove(this);
    }
  }
}

package dev.tiphys.apiserver.webhook;

import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a webhook has answered lately.
///
/// Threads: any.
public final class Answers {

  private static final int MOST = 8_192;

  private final World world;
  private final Map<Struct, Known> known = // guarded by itself; the one asked for longest ago first
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Struct, Known> eldest) {
          return size() > MOST;
        }
      };

  private record Known(Struct status, long until) {}

  public Answers(World world) {
    this.world = world;
  }

  /// What was answered to a question, if that is still good.
  public @Nullable Struct find(Struct question) {
    synchronized (known) {
      Known found = known.get(question);
      return found == null || world.nanoTime() - found.until >= 0 ? null : found.status;
    }
  }

  /// Remembers an answer for a while; not at all if that is zero.
  public void keep(Struct question, Struct status, Duration life) {
    if (life.isPositive()) {
      synchronized (known) {
        known.put(question, new Known(status, world.nanoTime() + life.toNanos()));
      }
    }
  }
}

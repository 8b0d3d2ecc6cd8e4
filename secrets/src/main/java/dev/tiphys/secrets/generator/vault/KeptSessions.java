package dev.tiphys.secrets.generator.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.secrets.generator.Generator;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.vault.Session;
import dev.tiphys.secrets.provider.vault.Sessions;
import dev.tiphys.world.KeyedLock;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The sessions that values were made in. They are kept while leases need them, and a while longer,
/// so that those of one namespace and the same settings log in once. None is ended, since what was
/// made in it would end with its token.
///
/// Threads: any.
final class KeptSessions {

  private static final Duration REST = Duration.ofMinutes(10);

  private final World world;
  private final Sessions sessions = new Sessions();
  private final KeyedLock opening;
  private final Map<String, Entry> entries = new HashMap<>(); // guarded by itself
  private final List<Session> replaced = new ArrayList<>(); // guarded by entries

  private record Entry(Session session, References references, long used) {}

  KeptSessions(World world) {
    this.world = world;
    this.opening = new KeyedLock(world);
  }

  /// One for these settings.
  ///
  /// @param spec of the generator
  Session take(Struct spec, Generator.Context context) throws InterruptedException {
    Struct vault = spec.struct("provider");
    String key = context.namespace() + " " + vault;
    try (KeyedLock.Turn _ = opening.take(key)) {
      Entry found;
      synchronized (entries) {
        found = entries.get(key);
      }
      boolean current = found != null && found.references.isCurrent();
      if (found != null && current) {
        put(key, found.session, found.references);
        return found.session;
      }
      Session session =
          sessions.open(context.world(), context.transport(), vault, spec, context.references());
      put(key, session, context.references());
      return session;
    }
  }

  private void put(String key, Session session, References references) {
    synchronized (entries) {
      Entry before = entries.put(key, new Entry(session, references, world.nanoTime()));
      if (before != null && before.session != session) {
        replaced.add(before.session);
      }
    }
  }

  /// Lets go of those that rest.
  ///
  /// @param used which are needed still
  void sweep(Predicate<Session> used) {
    List<Session> over = new ArrayList<>();
    synchronized (entries) {
      long oldest = world.nanoTime() - REST.toNanos();
      entries
          .values()
          .removeIf(
              each -> {
                boolean rests = each.used < oldest && !used.test(each.session);
                if (rests) {
                  over.add(each.session);
                }
                return rests;
              });
      replaced.removeIf(
          each -> {
            boolean rests = !used.test(each);
            if (rests) {
              over.add(each);
            }
            return rests;
          });
    }
    over.forEach(Session::leave);
  }

  void close() {
    synchronized (entries) {
      entries.values().forEach(each -> each.session.leave());
      replaced.forEach(Session::leave);
      entries.clear();
      replaced.clear();
    }
  }
}

package dev.tiphys.secrets.stores;

import dev.tiphys.client.Api;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.object.api.Meta;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.model.StoreKey;
import dev.tiphys.secrets.provider.CallCounter;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.Provider;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.StoreContext;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.world.KeyedLock;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The stores that are open. One that many objects use is opened once: it is logged in to once, and
/// its token serves all of them.
///
/// A store is opened anew once it was changed, or what its settings refer to (which is looked at
/// every ten seconds while it is used); it is closed when nothing has used it for five minutes.
///
/// Threads: any.
public final class OpenStores implements AutoCloseable {

  private static final Duration LOOK = Duration.ofSeconds(10);
  private static final Duration REST = Duration.ofMinutes(5);
  private static final Duration SWEEP = Duration.ofMinutes(1);

  private final World world;
  private final Api api;
  private final HttpTransport transport;
  private final CallCounter counter;
  private final Map<String, Provider> providers;
  private final KeyedLock opening;
  private final Map<Key, Entry> entries = new HashMap<>(); // guarded by itself
  private final SupervisedTask sweeping;

  /// What any namespace can use.
  private static final String ANY = "*";

  /// @param namespace of the objects that it was opened for; empty if it was for none
  private record Key(StoreKey store, String namespace) {}

  /// @param counter is told what stores are asked
  /// @param providers by their names
  public OpenStores(
      World world,
      Api api,
      HttpTransport transport,
      CallCounter counter,
      Map<String, Provider> providers) {
    this.counter = counter;
    this.world = world;
    this.api = api;
    this.transport = transport;
    this.providers = Map.copyOf(providers);
    this.opening = new KeyedLock(world);
    this.sweeping = world.supervisor().start("open-stores", this::sweep);
  }

  /// One that is open.
  private final class Entry {
    final String version;
    final References references;
    final OpenStore store;
    long looked = world.nanoTime();
    long last = looked;
    int users;
    boolean over;

    Entry(String version, References references, OpenStore store) {
      this.version = version;
      this.references = references;
      this.store = store;
    }
  }

  /// A store that is being used; closing it lets go of it.
  public final class Use implements AutoCloseable {
    private final Entry entry;
    private boolean closed;

    private Use(Entry entry) {
      this.entry = entry;
    }

    public OpenStore store() {
      return entry.store;
    }

    @Override
    public void close() {
      boolean unused;
      synchronized (entries) {
        entry.users -= closed ? 0 : 1;
        closed = true;
        entry.last = world.nanoTime();
        unused = entry.over && entry.users == 0;
      }
      if (unused) {
        entry.store.close();
      }
    }
  }

  /// What a store is one of.
  ///
  /// @throws StoreException if it is of a kind that is not known here
  public Provider provider(Store store) {
    Provider provider = providers.get(store.provider());
    if (provider == null) {
      throw new StoreException(
          store.provider().isEmpty()
              ? "secret stores must only have exactly one backend specified"
              : "failed to find registered store backend for type: " + store.provider());
    }
    return provider;
  }

  /// Opens a store, or takes it as it is open.
  ///
  /// @param namespace of the object that it is for; empty if it is for none
  /// @throws StoreException if it cannot be opened
  public Use open(Store store, String namespace) throws InterruptedException {
    Provider provider = provider(store);
    try (KeyedLock.Turn _ = opening.take(store.key() + namespace)) {
      Use open = opened(store, namespace);
      if (open != null) {
        return open;
      }
      String place = store.isCluster() ? namespace : store.key().namespace();
      References references = new References(api, store.isCluster(), place);
      OpenStore made =
          provider.open(new StoreContext(world, store, place, references, transport, counter));
      Entry entry = new Entry(version(store), references, made);
      Key key = new Key(store.key(), references.areOfNamespace() ? namespace : ANY);
      return kept(key, entry);
    }
  }

  private Use kept(Key key, Entry entry) {
    Entry before;
    boolean unused;
    synchronized (entries) {
      entry.users = 1;
      before = entries.put(key, entry);
      unused = before != null && retire(before);
    }
    if (unused && before != null) {
      before.store.close();
    }
    return new Use(entry);
  }

  /// Whether it can be closed at once. Called under the lock.
  private static boolean retire(Entry entry) {
    entry.over = true;
    return entry.users == 0;
  }

  private @Nullable Use opened(Store store, String namespace) {
    Entry found;
    boolean look;
    synchronized (entries) {
      Entry any = entries.get(new Key(store.key(), ANY));
      found = any == null ? entries.get(new Key(store.key(), namespace)) : any;
      if (found == null || !found.version.equals(version(store))) {
        return null;
      }
      found.users++;
      look = world.nanoTime() - found.looked > LOOK.toNanos();
      if (look) {
        found.looked = world.nanoTime();
      }
    }
    Use use = new Use(found);
    if (look && !found.references.isCurrent()) {
      use.close();
      return null; // it is opened anew, and takes the place of this
    }
    return use;
  }

  private static String version(Store store) {
    Meta meta = Meta.of(store.object());
    return meta.uid() + "/" + meta.generation();
  }

  /// Has a store opened anew by whatever asks next: it takes its credentials no more.
  public void forget(Use use) {
    synchronized (entries) {
      entries.values().remove(use.entry);
      use.entry.over = true;
    }
  }

  private void sweep() throws InterruptedException {
    while (true) {
      world.background().sleep(SWEEP);
      closeUnused(REST);
    }
  }

  private void closeUnused(Duration rest) {
    List<Entry> unused = new ArrayList<>();
    synchronized (entries) {
      long now = world.nanoTime();
      entries
          .values()
          .removeIf(
              each -> {
                boolean old = each.users == 0 && now - each.last >= rest.toNanos();
                if (old) {
                  unused.add(each);
                }
                return old;
              });
    }
    unused.forEach(each -> each.store.close());
  }

  /// Closes those that nothing uses.
  @Override
  public void close() {
    sweeping.close();
    closeUnused(Duration.ZERO);
  }
}

package dev.tiphys.client;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.Gate;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A local copy of one resource's objects, kept up to date by a list and a watch.
///
/// Guarantees: the copy is what a [Reflector] tells, so it is at every moment a state that the
/// cluster was in, or is on its way from one to a later one; it never goes back. Listeners are told
/// of every change of it, one by one, after the copy shows it; several changes that were not seen
/// one by one may be told as one. But an object that was replaced by another of the same name is
/// told as a deletion and an addition, always.
///
/// A listener that throws is logged and misses that change.
///
/// Threads: the copy may be read by any. Listeners are called by the informer's own task, and must
/// not wait.
public final class Informer implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Informer.class.getName());

  private final World world;
  private final ApiResource resource;
  private final Reflector reflector;
  private final InformerMetrics.Counts counts;
  private final Map<ObjectKey, Struct> objects = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final List<ObjectIndex> indices = new CopyOnWriteArrayList<>();
  private final Object syncLock = new Object();
  private final List<Gate> waiting = new ArrayList<>();
  private final List<Runnable> onSynced = new CopyOnWriteArrayList<>();
  private volatile boolean synced;

  /// Is told of changes.
  public interface Listener {
    default void added(Struct object) {}

    default void updated(Struct before, Struct now) {}

    /// @param last the last state that is known
    default void deleted(Struct last) {}

    /// A listener that treats all changes alike.
    static Listener ofAll(Consumer<Struct> listener) {
      return new Listener() {
        @Override
        public void added(Struct object) {
          listener.accept(object);
        }

        @Override
        public void updated(Struct before, Struct now) {
          listener.accept(now);
        }

        @Override
        public void deleted(Struct last) {
          listener.accept(last);
        }
      };
    }
  }

  /// An informer about all objects of a resource.
  public Informer(World world, Api api, ApiResource resource) {
    this(world, api, resource, "", ListOptions.ALL);
  }

  /// @param namespace the only one it is about; empty for all
  /// @param which the selectors that objects must match
  public Informer(World world, Api api, ApiResource resource, String namespace, ListOptions which) {
    this.world = world;
    this.resource = resource;
    this.counts = InformerMetrics.of(resource);
    this.reflector = new Reflector(world, api, resource, namespace, which, new Copying());
  }

  public ApiResource resource() {
    return resource;
  }

  /// Adds a listener. It hears of the objects that exist too if it comes before [#start].
  public Informer listen(Listener listener) {
    listeners.add(listener);
    return this;
  }

  /// Has something done once the copy is complete for the first time, after the listeners have
  /// heard of all objects, on the informer's own task. Must come before [#start].
  public Informer onSynced(Runnable action) {
    onSynced.add(action);
    return this;
  }

  /// An index of the objects by some values of theirs. Must come before [#start].
  public ObjectIndex index(Function<Struct, Collection<String>> valuesOf) {
    ObjectIndex index = new ObjectIndex(valuesOf);
    indices.add(index);
    return index;
  }

  public Informer start() {
    reflector.start("informer-" + resource.plural());
    return this;
  }

  public boolean synced() {
    return synced;
  }

  /// Waits until the copy is complete for the first time.
  public void awaitSynced() throws InterruptedException {
    Gate gate = world.gate();
    synchronized (syncLock) {
      if (synced) {
        return;
      }
      waiting.add(gate);
    }
    gate.await();
  }

  public @Nullable Struct find(ObjectKey key) {
    return objects.get(key);
  }

  public @Nullable Struct find(String namespace, String name) {
    return objects.get(new ObjectKey(namespace, name));
  }

  /// All objects, in no order.
  public List<Struct> list() {
    return List.copyOf(objects.values());
  }

  /// The objects of one namespace, in no order.
  public List<Struct> list(String namespace) {
    List<Struct> found = new ArrayList<>();
    objects.forEach(
        (key, object) -> {
          if (key.namespace().equals(namespace)) {
            found.add(object);
          }
        });
    return found;
  }

  public int size() {
    return objects.size();
  }

  /// Ends it, and waits until no listener is called any more.
  @Override
  public void close() {
    reflector.close();
  }

  /// Keeps the copy as the cluster is.
  private final class Copying implements Reflector.Sink {
    private final Set<ObjectKey> unseen = new HashSet<>();

    @Override
    public void listing() {
      unseen.clear();
      unseen.addAll(objects.keySet());
    }

    @Override
    public void exists(Struct object) {
      unseen.remove(ObjectKey.of(object));
      put(object);
    }

    @Override
    public void gone(Struct last) {
      remove(last);
    }

    @Override
    public void listed() {
      for (ObjectKey key : unseen) {
        Struct last = objects.get(key);
        if (last != null) {
          remove(last);
        }
      }
      unseen.clear();
      boolean first = !synced;
      synchronized (syncLock) {
        synced = true;
        waiting.forEach(Gate::open);
        waiting.clear();
      }
      if (first) {
        Informer.this.forEach(onSynced, Runnable::run);
      }
    }
  }

  private void put(Struct object) {
    ObjectKey key = ObjectKey.of(object);
    Struct known = objects.get(key);
    if (known != null && !Meta.of(known).uid().equals(Meta.of(object).uid())) {
      remove(known); // Another object of the same name: the one before is gone.
    }
    Struct before = objects.put(key, object);
    if (before != null
        && Meta.of(before).resourceVersion().equals(Meta.of(object).resourceVersion())) {
      return;
    }
    index(before, object);
    if (before == null) {
      tell(object, listener -> listener.added(object));
    } else {
      tell(object, listener -> listener.updated(before, object));
    }
  }

  private void tell(Struct object, Consumer<Listener> change) {
    counts.came();
    long begun = world.nanoTime();
    forEach(listeners, change);
    counts.told(Meta.of(object).revision(), world.nanoTime() - begun);
  }

  private void index(@Nullable Struct before, @Nullable Struct now) {
    forEach(indices, index -> index.change(before, now));
  }

  /// One that throws loses this change only: neither the copy nor the other listeners may suffer
  /// from it.
  private <T> void forEach(List<T> all, Consumer<T> action) {
    for (T one : all) {
      try {
        action.accept(one);
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a listener or index failed: resource=" + resource, e);
      }
    }
  }

  private void remove(Struct last) {
    Struct before = objects.remove(ObjectKey.of(last));
    if (before == null) {
      return;
    }
    index(before, null);
    tell(last, listener -> listener.deleted(last));
  }
}

package dev.tiphys.network.router.backends;

import dev.tiphys.world.World;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A named set of endpoints. They may change at any time without a new table: what is known of
/// those that stay is kept.
///
/// Threads: any.
public final class Backend {

  private final World world;
  private final String name;
  private final BackendPolicy policy;
  private final AtomicInteger requests = new AtomicInteger();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiters = new AtomicInteger();
  private volatile Choice choice;

  /// A backend without endpoints.
  ///
  /// @param name says in metrics and the access log which backend it was
  public Backend(World world, String name, BackendPolicy policy) {
    this.world = world;
    this.name = name;
    this.policy = policy;
    this.choice = Choice.among(List.of(), policy);
  }

  public String name() {
    return name;
  }

  public BackendPolicy policy() {
    return policy;
  }

  /// Sets which endpoints there are. Those that are gone get no further requests; those that they
  /// have are finished.
  public synchronized void endpoints(Collection<InetSocketAddress> addresses) {
    Map<InetSocketAddress, Endpoint> known = new HashMap<>();
    choice.endpoints().forEach(each -> known.put(each.address(), each));
    boolean first = known.isEmpty(); // what all endpoints are new to, none can be spared of
    List<Endpoint> endpoints = new ArrayList<>();
    for (InetSocketAddress address : new LinkedHashSet<>(addresses)) {
      Endpoint endpoint = known.get(address);
      endpoints.add(endpoint == null ? new Endpoint(address, birth(first)) : endpoint);
    }
    choice = Choice.among(endpoints, policy);
  }

  private long birth(boolean first) {
    return first ? world.nanoTime() - policy.slowStart().toNanos() : world.nanoTime();
  }

  /// Those that there are.
  public List<Endpoint> endpoints() {
    return choice.endpoints();
  }

  /// The endpoint for one try.
  ///
  /// @param hash by what a consistent hash goes; empty leaves it to chance
  /// @param tried those that were tried before: they are taken only if there is no other
  /// @return null if there is none at all
  public @Nullable Endpoint choose(RandomGenerator random, OptionalInt hash, Set<Endpoint> tried) {
    return choice.choose(world.nanoTime(), random, hash, tried);
  }

  /// What becomes of a request that is to begin.
  public enum Entry {
    /// It has begun.
    NOW,
    /// It begins when another has ended.
    LATER,
    /// There are too many.
    REFUSED
  }

  /// Begins a request, unless the backend has as many as it may have.
  public boolean enter() {
    int present = requests.get();
    while (present < policy.mostRequests()) {
      if (requests.compareAndSet(present, present + 1)) {
        return true;
      }
      present = requests.get();
    }
    return false;
  }

  /// Begins a request now, or later if the backend has as many as it may have and not too many
  /// wait.
  ///
  /// @param later is run, by any thread, when the request has begun later
  public Entry enter(Runnable later) {
    if (enter()) {
      return Entry.NOW;
    }
    if (policy.mostWaiting() == 0) {
      return Entry.REFUSED;
    }
    if (waiters.incrementAndGet() > policy.mostWaiting()) {
      waiters.decrementAndGet();
      return Entry.REFUSED;
    }
    waiting.add(later);
    letIn(); // one may have ended meanwhile
    return Entry.LATER;
  }

  /// A request that waits waits no longer. What has begun already is to be ended all the same.
  public void forgo(Runnable later) {
    if (waiting.remove(later)) {
      waiters.decrementAndGet();
    }
  }

  private void letIn() {
    while (!waiting.isEmpty() && enter()) {
      Runnable next = waiting.poll();
      if (next == null) {
        requests.decrementAndGet();
      } else {
        waiters.decrementAndGet();
        next.run();
      }
    }
  }

  /// Ends a request that was begun.
  public void leave() {
    requests.decrementAndGet();
    letIn();
  }

  /// Tells how an endpoint did: one that fails several times in a row gets no requests for a while.
  public void report(Endpoint endpoint, boolean good) {
    if (good) {
      endpoint.succeeded();
      return;
    }
    Ejection ejection = policy.ejection();
    long now = world.nanoTime();
    if (endpoint.failed() >= ejection.failures()) {
      List<Endpoint> all = choice.endpoints();
      long ejected = all.stream().filter(each -> each.isEjected(now)).count();
      if ((ejected + 1) * 100 <= (long) ejection.mostPercent() * all.size()) {
        endpoint.eject(now, ejection.span());
      }
    }
  }
}

package dev.tiphys.apiserver.admission.policy;

import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.watch.StateFeed;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/// All policies of a sort with their bindings, in the order of their names. Each is compiled once
/// it has changed; as long as nothing has, a look at them costs two at flags. A policy without a
/// binding does nothing.
///
/// Threads: any.
///
/// @param <P> a compiled policy
final class Policies<P> {

  private final StateFeed policies;
  private final StateFeed bindings;
  private final NavigableMap<String, P> compiled = new TreeMap<>(); // guarded by `this`
  private final NavigableMap<String, Binding> bound = new TreeMap<>(); // guarded by `this`
  private volatile List<Bound<P>> current = List.of();

  /// A policy and what puts it to use.
  record Bound<P>(P policy, List<Binding> bindings) {}

  /// Told what there is of one resource.
  private record Sink<T>(NavigableMap<String, T> all, Function<Struct, T> make)
      implements StateFeed.Sink {
    @Override
    public void restart() {
      all.clear();
    }

    @Override
    public void put(String key, Struct object) {
      all.put(key, make.apply(object));
    }

    @Override
    public void remove(String key) {
      all.remove(key);
    }
  }

  /// @param policies where policies are; asked once there is a request
  /// @param bindings where their bindings are
  /// @param compile a policy of its object
  Policies(Supplier<Registry> policies, Supplier<Registry> bindings, Function<Struct, P> compile) {
    this.policies = new StateFeed(policies, new Sink<>(compiled, compile));
    this.bindings = new StateFeed(bindings, new Sink<>(bound, Binding::of));
  }

  /// Those that are put to use, as far as this process knows.
  List<Bound<P>> current() {
    if (policies.hasNews() || bindings.hasNews()) {
      read();
    }
    return current;
  }

  private synchronized void read() {
    policies.read();
    bindings.read();
    List<Bound<P>> all = new ArrayList<>();
    compiled.forEach(
        (name, policy) -> {
          List<Binding> its =
              bound.values().stream().filter(each -> each.policy().equals(name)).toList();
          if (!its.isEmpty()) {
            all.add(new Bound<>(policy, its));
          }
        });
    current = List.copyOf(all);
  }
}

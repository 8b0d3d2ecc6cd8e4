package dev.tiphys.apiserver.admission.webhook;

import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.watch.StateFeed;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// The webhooks of all configurations of a resource, in the order of the configurations' names.
/// Each configuration is compiled once it has changed; as long as nothing has, a look at them costs
/// one at a flag.
///
/// Threads: any.
final class Hooks {

  private final StateFeed feed;
  private final NavigableMap<String, List<Hook>> byName = new TreeMap<>(); // guarded by `this`
  private volatile List<Hook> current = List.of();

  /// @param configurations where they are; asked once there is a request
  Hooks(Supplier<Registry> configurations) {
    this.feed = new StateFeed(configurations, new Sink());
  }

  private final class Sink implements StateFeed.Sink {
    @Override
    public void restart() {
      byName.clear();
    }

    @Override
    public void put(String key, Struct object) {
      List<Struct> webhooks = object.structs("webhooks");
      List<Hook> hooks = new ArrayList<>();
      for (int i = 0; i < webhooks.size(); i++) {
        hooks.add(Hook.of(key, i, webhooks.get(i)));
      }
      byName.put(key, hooks);
    }

    @Override
    public void remove(String key) {
      byName.remove(key);
    }
  }

  /// All of them, as far as this process knows.
  List<Hook> current() {
    if (feed.hasNews()) {
      read();
    }
    return current;
  }

  private synchronized void read() {
    feed.read();
    current = byName.values().stream().flatMap(List::stream).toList();
  }
}

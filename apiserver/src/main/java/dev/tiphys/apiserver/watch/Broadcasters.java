package dev.tiphys.apiserver.watch;

import dev.tiphys.apiserver.registry.Registry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The broadcasters of all resources, each made when somebody first watches.
///
/// Threads: any.
public final class Broadcasters implements AutoCloseable {

  private final Map<Registry, Broadcaster> broadcasters = new ConcurrentHashMap<>();

  public Broadcaster of(Registry registry) {
    return broadcasters.computeIfAbsent(registry, Broadcaster::new);
  }

  @Override
  public void close() {
    broadcasters.values().forEach(Broadcaster::close);
  }
}

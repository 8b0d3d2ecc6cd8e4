package dev.tiphys.client;

import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The informers that the controllers of one process share: one per resource.
///
/// Controllers ask for theirs, and add listeners and indices, before [#start].
///
/// Threads: any.
public final class Informers implements AutoCloseable {

  private final World world;
  private final Api api;
  private final Map<ApiResource, Informer> informers = new LinkedHashMap<>();

  public Informers(World world, Api api) {
    this.world = world;
    this.api = api;
  }

  /// The informer about all objects of a resource.
  public synchronized Informer of(ApiResource resource) {
    return informers.computeIfAbsent(resource, r -> new Informer(world, api, r));
  }

  private synchronized List<Informer> all() {
    return new ArrayList<>(informers.values());
  }

  public void start() {
    all().forEach(Informer::start);
  }

  /// Waits until all of them are complete for the first time.
  public void awaitSynced() throws InterruptedException {
    for (Informer informer : all()) {
      informer.awaitSynced();
    }
  }

  @Override
  public void close() {
    all().forEach(Informer::close);
  }
}

package dev.tiphys.apiserver.metrics;

import dev.tiphys.apiserver.catalog.Catalog;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.world.World;
import java.util.function.Consumer;

/// All that the server can tell of itself in numbers.
///
/// Threads: any.
public final class Metrics {

  private final RequestMetrics requests;
  private final StorageMetrics storage;
  private final AggregationMetrics aggregation;
  private final ProcessMetrics process;
  private final Consumer<Exposition> more;

  /// @param more writes what others tell
  public Metrics(World world, Catalog catalog, Consumer<Exposition> more) {
    this.more = more;
    this.requests = new RequestMetrics(world);
    this.storage = new StorageMetrics(catalog);
    this.aggregation = new AggregationMetrics(catalog);
    this.process = new ProcessMetrics(world.now());
  }

  /// Where requests are counted.
  public RequestMetrics requests() {
    return requests;
  }

  /// The numbers as they are now.
  public String text() {
    Exposition out = new Exposition();
    requests.write(out);
    storage.write(out);
    aggregation.write(out);
    process.write(out);
    more.accept(out);
    return out.toString();
  }
}

package dev.tiphys.client;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.metrics.HistogramFamily;
import dev.tiphys.schema.GroupVersion;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// How far the informers of a program are, under upstream's names (`informer_…`).
///
/// It counts in the informers that are made [#during] something. Informers of one resource are one
/// here, so that counts go on when they are made anew.
///
/// Threads: any.
public final class InformerMetrics {

  private static final ScopedValue<InformerMetrics> CURRENT = ScopedValue.newInstance();
  private static final double[] BOUNDS = Histogram.exponential(10e-9, 10, 10);

  /// Revisions are told by their last digits, which a sample can say exactly.
  private static final long TOLD = 1_000_000_000_000_000L;

  private final String program;
  private final HistogramFamily latency =
      new HistogramFamily(
          "informer_processing_latency_seconds",
          "How long listeners took to hear of a change.",
          BOUNDS,
          "group",
          "name",
          "resource",
          "version");
  private final Map<ApiResource, Counts> informers = new ConcurrentHashMap<>();

  /// What one informer counts.
  static final class Counts {
    /// For informers that nothing asks of.
    static final Counts NONE = new Counts(null);

    private final @Nullable Histogram latency;
    private final AtomicLong queued = new AtomicLong();
    private final AtomicLong revision = new AtomicLong();

    private Counts(@Nullable Histogram latency) {
      this.latency = latency;
    }

    /// A change has come.
    void came() {
      queued.incrementAndGet();
    }

    /// A change was told to all listeners.
    ///
    /// @param state the revision of the object
    /// @param nanos how long that took
    void told(long state, long nanos) {
      queued.decrementAndGet();
      revision.accumulateAndGet(state, Math::max);
      if (latency != null) {
        latency.record(nanos);
      }
    }
  }

  /// @param program whose informers these are
  public InformerMetrics(String program) {
    this.program = program;
  }

  /// Makes something, and counts in the informers that are made thereby.
  public <T> T during(Supplier<T> body) {
    return ScopedValue.where(CURRENT, this).call(body::get);
  }

  /// The counts of an informer that is being made.
  static Counts of(ApiResource resource) {
    return CURRENT.isBound() ? CURRENT.get().counts(resource) : Counts.NONE;
  }

  private Counts counts(ApiResource resource) {
    GroupVersion version = resource.groupVersion();
    return informers.computeIfAbsent(
        resource,
        _ ->
            new Counts(latency.of(version.group(), program, resource.plural(), version.version())));
  }

  /// Writes all of it, if there are informers.
  public void write(Exposition out) {
    if (informers.isEmpty()) {
      return;
    }
    latency.write(out);
    gauge(
        out,
        "informer_queued_items",
        "Changes that have come and are not told to all listeners yet.",
        counts -> counts.queued.get());
    gauge(
        out,
        "informer_store_resource_version",
        "The last revision that is known, by its 15 last digits.",
        counts -> counts.revision.get() % TOLD);
  }

  private void gauge(Exposition out, String family, String help, ToDoubleFunction<Counts> value) {
    out.family(family, "gauge", help);
    Map<ApiResource, Counts> sorted =
        new TreeMap<>(
            Comparator.comparing(ApiResource::plural)
                .thenComparing(resource -> resource.groupVersion().toString()));
    sorted.putAll(informers);
    sorted.forEach(
        (resource, counts) ->
            out.sample(
                family,
                "group=\"%s\",name=\"%s\",resource=\"%s\",version=\"%s\""
                    .formatted(
                        resource.groupVersion().group(),
                        program,
                        resource.plural(),
                        resource.groupVersion().version()),
                value.applyAsDouble(counts)));
  }
}

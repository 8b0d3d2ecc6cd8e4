package dev.tiphys.apiserver.encryption;

import dev.tiphys.apiserver.encryption.Transformer.TransformException;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.Histogram;
import dev.tiphys.world.World;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What `/metrics` tells of encryption, under upstream's names.
///
/// Threads: any.
public final class EncryptionMetrics {

  private static final String STORAGE = "apiserver_storage_";
  private static final String ENVELOPE = "apiserver_envelope_encryption_";
  private static final String CONTROLLER = "apiserver_encryption_config_controller_";

  private static final double[] TRANSFORMATIONS = Histogram.exponential(5e-6, 2, 25);
  private static final double[] CALLS = Histogram.exponential(1e-4, 2, 20);
  private static final double[] GENERATIONS = Histogram.exponential(5e-6, 2, 14);

  private final World world;
  private final String server;
  private final Map<String, LongAdder> operations = new ConcurrentHashMap<>();
  private final Map<String, Histogram> durations = new ConcurrentHashMap<>();
  private final Map<String, Histogram> calls = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> keyUses = new ConcurrentHashMap<>();
  private final Map<String, Double> keyTimes = new ConcurrentHashMap<>();
  private final Map<String, Double> statusTimes = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> invalidKeys = new ConcurrentHashMap<>();
  private final Map<String, Integer> cached = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> reloads = new ConcurrentHashMap<>();
  private final Map<String, Double> reloadTimes = new ConcurrentHashMap<>();
  private final LongAdder cacheMisses = new LongAdder();
  private final Histogram generations = new Histogram(GENERATIONS);
  private volatile String configuration = "";

  /// Which way bytes go.
  public enum Direction {
    FROM_STORAGE("from_storage"),
    TO_STORAGE("to_storage");

    private final String word;

    Direction(String word) {
      this.word = word;
    }
  }

  /// @param server which server this is, as the label `apiserver_id_hash` tells
  EncryptionMetrics(World world, String server) {
    this.world = world;
    this.server = "apiserver_id_hash=\"" + Digests.of(server) + '"';
  }

  /// Does a transformation, and counts it.
  <T> T measure(String resource, Direction direction, String prefix, Supplier<T> work) {
    long begin = world.nanoTime();
    try {
      T done = work.get();
      durations
          .computeIfAbsent(
              "transformation_type=\"%s\",transformer_prefix=\"%s\""
                  .formatted(direction.word, prefix),
              _ -> new Histogram(TRANSFORMATIONS))
          .record(world.nanoTime() - begin);
      count(resource, direction, prefix, "OK");
      return done;
    } catch (TransformException e) {
      failed(resource, direction, prefix, e);
      throw e;
    }
  }

  /// Counts a transformation that failed.
  void failed(String resource, Direction direction, String prefix, TransformException failure) {
    count(resource, direction, prefix, status(failure));
  }

  private void count(String resource, Direction direction, String prefix, String status) {
    add(
        operations,
        "resource=\"%s\",status=\"%s\",transformation_type=\"%s\",transformer_prefix=\"%s\""
            .formatted(resource, status, direction.word, prefix));
  }

  private static void add(Map<String, LongAdder> counters, String labels) {
    counters.computeIfAbsent(labels, _ -> new LongAdder()).increment();
  }

  private static String status(@Nullable Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof GrpcException call) {
        return call.status().display();
      }
    }
    return failure == null ? "OK" : "unknown-non-grpc";
  }

  /// A plugin was called.
  ///
  /// @param failure null if it answered
  public void called(String provider, String method, long nanos, @Nullable Throwable failure) {
    calls
        .computeIfAbsent(
            "grpc_status_code=\"%s\",method_name=\"%s\",provider_name=\"%s\""
                .formatted(status(failure), method, provider),
            _ -> new Histogram(CALLS))
        .record(nanos);
  }

  /// A key that a plugin keeps was used.
  public void usedKey(String provider, String keyId, Direction direction) {
    String labels =
        server
            + ",key_id_hash=\"%s\",provider_name=\"%s\",transformation_type=\"%s\""
                .formatted(Digests.of(keyId), provider, direction.word);
    add(keyUses, labels);
    keyTimes.put(labels, seconds());
  }

  /// A plugin told which key it uses now.
  public void toldKey(String provider, String keyId) {
    String labels =
        server + ",key_id_hash=\"%s\",provider_name=\"%s\"".formatted(Digests.of(keyId), provider);
    statusTimes.put(labels, seconds());
  }

  /// A plugin named a key that can't be one.
  ///
  /// @param fault `empty` or `too_long`
  public void invalidKey(String provider, String fault) {
    add(invalidKeys, "error=\"%s\",provider_name=\"%s\"".formatted(fault, provider));
  }

  /// How many decrypted seeds are kept.
  public void cachedSeeds(String provider, int count) {
    cached.put("provider_name=\"" + provider + '"', count);
  }

  /// A plugin had to be asked what a seed is.
  public void missedCache() {
    cacheMisses.increment();
  }

  /// A seed was made.
  public void madeSeed(long nanos) {
    generations.record(nanos);
  }

  /// This configuration is in use from the start.
  void started(String hash) {
    configuration = hash;
  }

  /// A changed file was read.
  ///
  /// @param hash of what is in use since; null if the file can't be used
  void reloaded(@Nullable String hash) {
    String labels = server + ",status=\"" + (hash == null ? "failure" : "success") + '"';
    add(reloads, labels);
    reloadTimes.put(labels, seconds());
    if (hash != null) {
      configuration = hash;
    }
  }

  private double seconds() {
    return world.now().toEpochMilli() / 1e3;
  }

  /// Writes all of it.
  public void write(Exposition out) {
    counters(out, STORAGE + "transformation_operations_total", "Transformations.", operations);
    histograms(
        out,
        STORAGE + "transformation_duration_seconds",
        "How long transformations took.",
        durations);
    out.family(
            STORAGE + "envelope_transformation_cache_misses_total",
            "counter",
            "Keys that a plugin had to decrypt.")
        .sample(STORAGE + "envelope_transformation_cache_misses_total", "", cacheMisses.sum());
    out.family(
        STORAGE + "data_key_generation_duration_seconds",
        "histogram",
        "How long keys took to make.");
    generations.write(out, STORAGE + "data_key_generation_duration_seconds", "");
    histograms(
        out, ENVELOPE + "kms_operations_latency_seconds", "How long calls of plugins took.", calls);
    counters(out, ENVELOPE + "key_id_hash_total", "Uses of a plugin's key.", keyUses);
    gauges(
        out,
        ENVELOPE + "key_id_hash_last_timestamp_seconds",
        "Last use of a plugin's key.",
        keyTimes);
    gauges(
        out,
        ENVELOPE + "key_id_hash_status_last_timestamp_seconds",
        "When a plugin last told its key.",
        statusTimes);
    counters(
        out,
        ENVELOPE + "invalid_key_id_from_status_total",
        "Keys that a plugin told and that can be none.",
        invalidKeys);
    gauges(out, ENVELOPE + "dek_source_cache_size", "Seeds that are kept.", cached);
    counters(out, CONTROLLER + "automatic_reloads_total", "Changes of the configuration.", reloads);
    gauges(
        out,
        CONTROLLER + "automatic_reload_last_timestamp_seconds",
        "When the configuration last changed.",
        reloadTimes);
    out.family(CONTROLLER + "last_config_info", "gauge", "The configuration in use.")
        .sample(CONTROLLER + "last_config_info", server + ",hash=\"" + configuration + '"', 1);
  }

  private static void counters(
      Exposition out, String name, String help, Map<String, LongAdder> counters) {
    if (!counters.isEmpty()) {
      out.family(name, "counter", help);
      counters.forEach((labels, count) -> out.sample(name, labels, count.sum()));
    }
  }

  private static void gauges(
      Exposition out, String name, String help, Map<String, ? extends Number> gauges) {
    if (!gauges.isEmpty()) {
      out.family(name, "gauge", help);
      gauges.forEach((labels, value) -> out.sample(name, labels, value.doubleValue()));
    }
  }

  private static void histograms(
      Exposition out, String name, String help, Map<String, Histogram> histograms) {
    if (!histograms.isEmpty()) {
      out.family(name, "histogram", help);
      histograms.forEach((labels, histogram) -> histogram.write(out, name, labels));
    }
  }
}

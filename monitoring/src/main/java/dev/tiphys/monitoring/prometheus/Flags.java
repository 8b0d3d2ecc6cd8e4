package dev.tiphys.monitoring.prometheus;

import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.program.ServerProgram;
import dev.tiphys.monitoring.server.ConfigurationFiles;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a Prometheus is started with, in the directory of its files. Samples never fill the disk:
/// without a size of its own, a Prometheus keeps a tenth of what fits there, and no more than ten
/// gigabytes.
final class Flags {

  /// A lock would be looked for by its whole path, which the server cannot go. Debian's makes none.
  static final String NO_LOCK = "--storage.tsdb.no-lockfile";

  private static final String USUAL_RETENTION = "24h";
  private static final int SHARE = 10;
  private static final long MEGABYTE = 1L << 20;
  private static final long MOST = 10L << 30;
  private static final long LEAST = 256 * MEGABYTE;
  private static final Map<String, String> QUERY =
      new TreeMap<>(
          Map.of(
              "lookbackDelta", "query.lookback-delta",
              "maxConcurrency", "query.max-concurrency",
              "maxSamples", "query.max-samples",
              "timeout", "query.timeout"));

  private Flags() {}

  /// @param diskSize of the disk that its files are on, in bytes
  /// @param withoutLock whether it must be told to do without a lock on them
  static List<String> of(Prometheus prometheus, long diskSize, boolean withoutLock) {
    Struct spec = prometheus.spec();
    List<String> flags = new ArrayList<>();
    add(flags, "config.file", ConfigurationFiles.MAIN);
    add(flags, "storage.tsdb.path", ServerProgram.DATA);
    add(flags, "storage.tsdb.retention.time", or(spec.string("retention"), USUAL_RETENTION));
    add(
        flags,
        "storage.tsdb.retention.size",
        or(spec.string("retentionSize"), size(diskSize)).replace("i", ""));
    add(flags, "log.level", or(spec.string("logLevel"), "warn"));
    QUERY.forEach(
        (field, flag) -> {
          Object value = spec.get("query", field);
          if (value instanceof String || value instanceof Long) {
            add(flags, flag, value.toString());
          }
        });
    if (!spec.string("externalUrl").isEmpty()) {
      add(flags, "web.external-url", spec.string("externalUrl"));
      add(flags, "web.route-prefix", or(spec.string("routePrefix"), "/"));
    }
    List<String> features = spec.strings("enableFeatures");
    if (!features.isEmpty()) {
      add(flags, "enable-feature", String.join(",", features));
    }
    flags.add("--web.enable-lifecycle");
    if (withoutLock) {
      flags.add(NO_LOCK);
    }
    return List.copyOf(flags);
  }

  private static String size(long diskSize) {
    long bytes = Math.max(LEAST, Math.min(MOST, diskSize / SHARE));
    return bytes / MEGABYTE + "MB";
  }

  private static String or(String value, String usual) {
    return value.isEmpty() ? usual : value;
  }

  private static void add(List<String> flags, String flag, String value) {
    flags.add("--" + flag + "=" + value);
  }
}

package dev.tiphys.monitoring.prometheus;

import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.program.ServerProgram;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.monitoring.server.ConfigurationFiles;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

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

  private static final Map<String, String> WEB =
      new TreeMap<>(
          Map.of(
              "enableAdminAPI", "web.enable-admin-api",
              "enableRemoteWriteReceiver", "web.enable-remote-write-receiver"));

  /// Set where the server is started.
  private static final String LISTEN = "web.listen-address";

  /// How often found targets are taken over.
  private static final String TAKING_OVER = "scrape.discovery-reload-interval";

  private Flags() {}

  /// @param diskSize of the disk that its files are on, in bytes
  /// @param version of the program
  /// @param withoutLock whether it must be told to do without a lock on them
  /// @throws RejectedException if the Prometheus asks for flags that are set here
  static List<String> of(Prometheus prometheus, long diskSize, Version version, boolean withoutLock)
      throws RejectedException {
    List<String> flags = new ArrayList<>(own(prometheus.spec(), diskSize));
    if (withoutLock) {
      flags.add(NO_LOCK);
    }
    List<String> additional = additional(prometheus.spec().structs("additionalArgs"), flags);
    if (version.isAtLeast(2, 42)
        && additional.stream().noneMatch(each -> name(each).equals(TAKING_OVER))) {
      add(flags, TAKING_OVER, "100ms"); // found targets are held back for seconds as it is
    }
    flags.addAll(additional);
    return List.copyOf(flags);
  }

  private static List<String> own(Struct spec, long diskSize) {
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
    WEB.forEach(
        (field, flag) -> {
          if (spec.bool(field)) {
            flags.add("--" + flag);
          }
        });
    flags.add("--web.enable-lifecycle");
    return flags;
  }

  private static List<String> additional(List<Struct> given, List<String> own)
      throws RejectedException {
    Set<String> taken = own.stream().map(Flags::name).collect(Collectors.toSet());
    taken.add(LISTEN);
    List<String> refused = new ArrayList<>();
    List<String> flags = new ArrayList<>();
    for (Struct each : given) {
      String name = each.string("name");
      String opposite = name.startsWith("no-") ? name.substring(3) : "no-" + name;
      if (taken.contains(name) || taken.contains(opposite)) {
        refused.add(name);
      }
      String value = each.string("value");
      flags.add("--" + name + (value.isEmpty() ? "" : "=" + value));
    }
    if (!refused.isEmpty()) {
      throw new RejectedException(
          "can't set arguments which are already managed by the operator: "
              + String.join(",", refused));
    }
    return flags;
  }

  /// Of a flag with its dashes and its value.
  private static String name(String flag) {
    return flag.substring(2).split("=", 2)[0];
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

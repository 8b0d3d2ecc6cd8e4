package dev.tiphys.monitoring.prometheus;

import dev.tiphys.client.controller.Outcome;
import dev.tiphys.monitoring.config.ClusterAccess;
import dev.tiphys.monitoring.config.Configuration;
import dev.tiphys.monitoring.config.Rendered;
import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.selection.MonitorCheck;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.monitoring.selection.Sources;
import dev.tiphys.monitoring.server.ConfigurationFiles;
import dev.tiphys.monitoring.server.Exposure;
import dev.tiphys.monitoring.server.KeptServer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One look at one Prometheus: what it selects, what of that it can use, and whether its server has
/// it.
///
/// Threads: one.
final class PrometheusLook {

  /// With less than this on the disk, samples are about to be lost.
  private static final long LEAST_FREE = 64L << 20;

  private static final long PORT = 9090;

  private final PrometheusTools tools;
  private final Tokens tokens;
  private final TargetHealth health;
  private final Narrowing narrowing;
  private final Prometheus prometheus;
  private final KeptServer server;
  private final Map<Monitor.Id, Verdicts.Verdict> verdicts = new HashMap<>();

  PrometheusLook(
      PrometheusTools tools,
      Tokens tokens,
      TargetHealth health,
      Narrowing narrowing,
      Prometheus prometheus,
      KeptServer server) {
    this.tools = tools;
    this.tokens = tokens;
    this.health = health;
    this.narrowing = narrowing;
    this.prometheus = prometheus;
    this.server = server;
  }

  Outcome run() throws InterruptedException {
    String failure =
        prometheus.isPaused() ? "" : server.keep(this::configure, this::flags, exposure());
    if (server.isReady()) {
      health.look(prometheus.key());
      failure = failure.isEmpty() ? health.failure(prometheus.key()) : failure;
    }
    new PrometheusStatus(tools.servers())
        .write(
            prometheus,
            new PrometheusStatus.State(failure, verdicts.size(), server.server(), disk()));
    return failure.isEmpty() ? Outcome.again(PrometheusController.PERIOD) : Outcome.RETRY;
  }

  private List<String> flags() throws RejectedException, InterruptedException {
    return Flags.of(
        prometheus,
        tools.program().diskSize(server.directory()),
        tools.program().version(),
        tools.program().knows(Flags.NO_LOCK));
  }

  private Exposure exposure() {
    return Exposure.of(
        prometheus.service(),
        prometheus.object(),
        Struct.of("operated-prometheus", "true"),
        PORT,
        tools.servers().place().machine());
  }

  private String disk() {
    if (!Files.isDirectory(server.directory())) {
      return "";
    }
    long free = tools.program().diskFree(server.directory());
    return free >= LEAST_FREE
        ? ""
        : "the disk has %d MiB left: samples may be lost until there is more".formatted(free >> 20);
  }

  /// Returns why Prometheus refuses the configuration, even without the objects that it refuses.
  private String configure() throws RejectedException, InterruptedException {
    Version version = tools.program().version();
    Sources sources = tools.servers().objects().sources();
    ClusterAccess access = access();
    Configuration configuration =
        new Configuration(
            prometheus,
            version,
            access,
            sources,
            server.directory(),
            prometheus.isDefault() ? tools.clusterJobs().apply(access) : List.of(),
            prometheus.isDefault() ? tools.alertmanagers().get() : List.of());
    List<Monitor> usable = usable(new MonitorCheck(prometheus, version, sources), configuration);
    usable = without(usable, narrowing.known(usable, configuration));
    Rendered rendered = configuration.of(usable);
    String refusal = "";
    if (!server.has(rendered)) {
      refusal = server.check(rendered);
      if (!refusal.isEmpty()) {
        usable = without(usable, narrowing.find(usable, configuration, server.files()));
        rendered = configuration.of(usable);
        refusal = server.check(rendered);
      }
      if (refusal.isEmpty()) {
        tools.targets().keep(prometheus.key(), rendered.targets());
        server.take(rendered);
      }
    }
    server.refersTo(sources.used());
    tools.verdicts().publish(prometheus.key(), verdicts);
    return refusal;
  }

  private ClusterAccess access() {
    try {
      ConfigurationFiles.makePrivate(server.directory());
      Path authority = server.directory().resolve("ca.crt");
      byte[] wanted = tools.servers().place().authorities().getBytes(StandardCharsets.UTF_8);
      if (!Files.exists(authority) || !Arrays.equals(Files.readAllBytes(authority), wanted)) {
        ConfigurationFiles.write(authority, wanted);
      }
      Path token = tokens.ensure(prometheus, server.directory());
      return new ClusterAccess(
          tools.servers().place().apiServer(), authority.getFileName(), token.getFileName());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Those that pass the checks, of all that are selected.
  private List<Monitor> usable(MonitorCheck check, Configuration configuration) {
    List<Monitor> usable = new ArrayList<>();
    for (Monitor each : tools.servers().objects().selectedBy(prometheus)) {
      try {
        check.check(each);
        List<Struct> _ = configuration.partOf(each);
        usable.add(each);
        say(each, "");
      } catch (RejectedException e) {
        say(each, e.message());
      }
    }
    return usable;
  }

  private List<Monitor> without(List<Monitor> some, Map<Monitor.Id, String> refused) {
    List<Monitor> rest = new ArrayList<>();
    for (Monitor each : some) {
      String why = refused.get(each.id());
      if (why == null) {
        rest.add(each);
      } else {
        say(each, each.isRule() ? "invalid rule: " + why : why);
      }
    }
    return rest;
  }

  private void say(Monitor monitor, String rejection) {
    verdicts.put(
        monitor.id(), new Verdicts.Verdict(rejection, Meta.of(monitor.object()).generation()));
  }
}

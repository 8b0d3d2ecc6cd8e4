package dev.tiphys.monitoring.prometheus;

import dev.tiphys.client.controller.Outcome;
import dev.tiphys.monitoring.config.ClusterAccess;
import dev.tiphys.monitoring.config.Configuration;
import dev.tiphys.monitoring.config.Rendered;
import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.query.QueryException;
import dev.tiphys.monitoring.selection.MonitorCheck;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.monitoring.selection.Sources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
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

  private final PrometheusTools tools;
  private final Tokens tokens;
  private final Prometheus prometheus;
  private final Running running;
  private final Map<Monitor.Id, Verdicts.Verdict> verdicts = new HashMap<>();

  PrometheusLook(PrometheusTools tools, Tokens tokens, Prometheus prometheus, Running running) {
    this.tools = tools;
    this.tokens = tokens;
    this.prometheus = prometheus;
    this.running = running;
  }

  Outcome run() throws InterruptedException {
    String failure = prometheus.isPaused() ? "" : failure();
    PrometheusServer server = running.server();
    if (server != null && server.state().ready()) {
      try {
        tools.verdicts().publishHealth(prometheus.key(), JobHealth.of(server.targets()));
      } catch (QueryException e) {
        failure = failure.isEmpty() ? "its targets are not known: " + e.getMessage() : failure;
      }
    }
    new PrometheusStatus(tools)
        .write(prometheus, new PrometheusStatus.State(failure, verdicts.size(), server, disk()));
    return failure.isEmpty() ? Outcome.again(PrometheusController.PERIOD) : Outcome.RETRY;
  }

  private String disk() {
    if (!Files.isDirectory(running.directory)) {
      return "";
    }
    long free = tools.program().diskFree(running.directory);
    return free >= LEAST_FREE
        ? ""
        : "the disk has %d MiB left: samples may be lost until there is more".formatted(free >> 20);
  }

  /// Why it is not as it should be; empty if it is, or is on its way.
  private String failure() throws InterruptedException {
    String missing = tools.program().missing();
    if (!missing.isEmpty()) {
      return missing;
    }
    try {
      String refusal = configure();
      if (!running.isConfigured()) {
        return refusal;
      }
      String unread = running.run(prometheus);
      return refusal.isEmpty() ? unread : refusal;
    } catch (RejectedException e) {
      return e.message();
    } catch (ApiException e) {
      return e.message();
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage()); // a selector cannot be read
    } catch (UncheckedIOException e) {
      return "its files cannot be written: " + e.getMessage();
    }
  }

  private String configure() throws RejectedException, InterruptedException {
    Version version = running.version();
    Sources sources = tools.objects().sources();
    ClusterAccess access = access();
    Configuration configuration =
        new Configuration(
            prometheus,
            version,
            access,
            sources,
            running.directory,
            prometheus.isDefault() ? tools.clusterJobs().apply(access) : List.of(),
            prometheus.isDefault() ? tools.alertmanagers().get() : List.of());
    List<Monitor> usable = usable(new MonitorCheck(prometheus, version, sources), configuration);
    usable = without(usable, running.narrowing.known(usable, configuration));
    Rendered rendered = configuration.of(usable);
    String refusal = "";
    if (!running.has(rendered)) {
      refusal = tools.program().check(running.files.prepare(rendered));
      if (!refusal.isEmpty()) {
        usable = without(usable, running.narrowing.find(usable, configuration, running.files));
        rendered = configuration.of(usable);
        refusal = tools.program().check(running.files.prepare(rendered));
      }
      if (refusal.isEmpty()) {
        tools.targets().keep(prometheus.key(), rendered.targets());
        running.take(rendered);
      }
    }
    running.refersTo(sources.used());
    tools.verdicts().publish(prometheus.key(), verdicts);
    return refusal.isEmpty() ? "" : "the configuration is refused: " + refusal;
  }

  private ClusterAccess access() {
    try {
      ConfigurationFiles.makePrivate(running.directory);
      Path authority = running.directory.resolve("ca.crt");
      byte[] wanted = tools.place().authorities().getBytes(StandardCharsets.UTF_8);
      if (!Files.exists(authority) || !Arrays.equals(Files.readAllBytes(authority), wanted)) {
        ConfigurationFiles.write(authority, wanted);
      }
      Path token = tokens.ensure(prometheus, running.directory);
      return new ClusterAccess(tools.place().apiServer(), authority, token);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Those that pass the checks, of all that are selected.
  private List<Monitor> usable(MonitorCheck check, Configuration configuration) {
    List<Monitor> usable = new ArrayList<>();
    for (Monitor each : tools.objects().selectedBy(prometheus)) {
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

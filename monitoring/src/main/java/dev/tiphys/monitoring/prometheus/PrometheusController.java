package dev.tiphys.monitoring.prometheus;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.program.ChildServer;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.selection.Objects;
import dev.tiphys.monitoring.server.KeptServer;
import dev.tiphys.monitoring.server.ServerController;
import dev.tiphys.monitoring.server.ServerTools;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Keeps a server for each Prometheus object. It looks when what the object selects changes, and
/// again and again, to see how the scrapes go.
///
/// Threads: any.
public final class PrometheusController implements AutoCloseable {

  static final Duration PERIOD = Duration.ofSeconds(15);

  private static final String NAME = "prometheus";
  private static final int WORKERS = 2;

  private final PrometheusTools tools;
  private final Tokens tokens;
  private final ServerController servers;
  private final TargetHealth health;
  private final Map<ObjectKey, Narrowing> narrowings = new ConcurrentHashMap<>();

  /// Makes it; no informer is started yet.
  public PrometheusController(PrometheusTools tools, Charge charge) {
    this.tools = tools;
    ServerTools common = tools.servers();
    this.tokens = new Tokens(common.world(), common.api());
    this.servers =
        new ServerController(
            NAME, WORKERS, common, charge, MonitoringResources.PROMETHEUSES, new Keeping());
    this.health = new TargetHealth(common.world(), tools.verdicts(), servers::ready, servers::look);
    MonitoringResources.ALL.forEach(servers::dependOn);
    common
        .objects()
        .around(ApiResource.NAMESPACES)
        .listen(
            new Informer.Listener() {
              @Override
              public void updated(Struct before, Struct now) {
                if (!Meta.of(before).labels().equals(Meta.of(now).labels())) {
                  look();
                }
              }
            });
  }

  private final class Keeping implements ServerController.Keeping {

    @Override
    public KeptServer made(ObjectKey key, Consumer<ProgramState> told) {
      ServerTools common = tools.servers();
      return new KeptServer(common, tools.program(), common.place().of(key), told);
    }

    @Override
    public Outcome look(Struct object, KeptServer server) throws InterruptedException {
      Prometheus prometheus = new Prometheus(object);
      Narrowing narrowing =
          narrowings.computeIfAbsent(prometheus.key(), _ -> new Narrowing(tools.program()));
      return new PrometheusLook(tools, tokens, health, narrowing, prometheus, server).run();
    }

    @Override
    public void changed(ObjectKey key) {
      // nothing else depends on it
    }

    @Override
    public void forget(ObjectKey key) {
      narrowings.remove(key);
      tools.targets().keep(key, Map.of());
      tokens.forget(key);
      health.forget(key);
      tools.verdicts().forget(key);
    }
  }

  /// Begins, once the informers are complete.
  public void start() {
    servers.start();
    health.start();
  }

  /// Has every Prometheus looked at: something else has changed that they are configured by.
  public void look() {
    servers.look();
  }

  /// Where a Prometheus answers, if it does.
  public Optional<InetSocketAddress> address(ObjectKey prometheus) {
    return servers.address(prometheus);
  }

  /// Whether a Prometheus answers at an address (`host:port`), and is meant by a Service.
  public boolean isServed(ObjectKey service, String address) {
    Objects objects = tools.servers().objects();
    return objects.allPrometheuses().stream()
        .filter(each -> each.service().equals(service))
        .flatMap(each -> address(each.key()).stream())
        .anyMatch(each -> address.equals(ChildServer.authority(each)));
  }

  /// Ends all servers, and waits for their ends.
  @Override
  public void close() {
    health.close();
    servers.close();
  }
}

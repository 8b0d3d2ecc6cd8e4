package dev.tiphys.cli.roles;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.machine.HostAddress;
import dev.tiphys.cli.machine.HostName;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.ServiceAddresses;
import dev.tiphys.monitoring.adapter.MetricsAdapter;
import dev.tiphys.monitoring.metricsapi.Registration;
import dev.tiphys.monitoring.query.DirectPrometheus;
import dev.tiphys.monitoring.query.PrometheusQueries;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What Prometheus knows, for autoscalers. The cluster learns of it when Prometheus answers for the
/// first time: before that there is nothing to be asked for.
///
/// Threads: any.
public final class AdapterRole implements AutoCloseable {

  private static final String PROGRAM = "prometheus-adapter";
  private static final String USER = "system:tiphys:metrics-adapter";
  private static final Duration LOOKS = Duration.ofSeconds(1);

  private final World world;
  private final ApiServerRole beside;
  private final Supplier<Optional<URI>> prometheus;
  private final Api api;
  private final SupervisedTask task;
  private @Nullable MetricsAdapter adapter; // the task's, and that of the one that closes
  private @Nullable Registration registration;

  private AdapterRole(World world, ApiServerRole beside, Supplier<Optional<URI>> prometheus) {
    this.world = world;
    this.beside = beside;
    this.prometheus = prometheus;
    this.api = beside.api(UserInfo.of(USER, UserInfo.AUTHENTICATED), PROGRAM, PROGRAM);
    this.task = world.supervisor().start(PROGRAM, this::run);
  }

  /// Starts it, beside the API server that passes requests on to it.
  ///
  /// @param prometheus where it answers, if it does
  public static AdapterRole start(
      World world, ApiServerRole beside, Supplier<Optional<URI>> prometheus) {
    return new AdapterRole(world, beside, prometheus);
  }

  private void run() throws InterruptedException {
    while (prometheus.get().isEmpty()) {
      world.background().sleep(LOOKS);
    }
    if (adapter == null) {
      serve();
    }
    world.gate().await(); // until it is closed
  }

  private void serve() {
    // It is told an address, not a name: no Service has to be known.
    HttpTransport transport =
        new HttpTransport(new ServiceAddresses(new Informer(world, api, ApiResource.SERVICES)));
    MetricsAdapter made =
        new MetricsAdapter(
            world,
            api,
            new PrometheusQueries(new DirectPrometheus(transport, prometheus)),
            beside.frontProxy());
    adapter = made;
    try {
      beside.behind(PROGRAM, MetricsAdapter.IDENTITY.serverName(), made::secure);
      InetSocketAddress bound =
          made.listen(new InetSocketAddress(InetAddress.ofLiteral(HostAddress.find()), 0));
      Registration known =
          new Registration(world, api, MetricsAdapter.IDENTITY, bound, HostName.find());
      registration = known;
      known.start();
    } catch (IOException e) {
      throw new CliException("cannot serve metrics of Prometheus: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    task.close();
    if (registration != null) {
      registration.close();
    }
    if (adapter != null) {
      adapter.close();
    }
  }
}

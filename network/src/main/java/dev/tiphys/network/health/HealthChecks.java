package dev.tiphys.network.health;

import dev.tiphys.http.Exchange;
import dev.tiphys.http.Header;
import dev.tiphys.http.server.HttpServer;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// The ports by which load balancers from outside find the nodes that have endpoints of a Service
/// whose traffic stays local.
///
/// Threads: any.
public final class HealthChecks implements AutoCloseable {
  private static final int LARGEST_CONTENT = 1024;

  private final World world;
  private final ProxyHealth health;
  private final BiConsumer<ObjectKey, String> problems;
  private final Map<ObjectKey, Check> checks = new HashMap<>();

  /// What a Service has here.
  ///
  /// @param port where load balancers ask
  /// @param endpoints how many of this node are ready
  public record Wanted(int port, int endpoints) {}

  private record Check(HttpServer server, Answer answer) {}

  /// @param problems is told of a Service whose port cannot be had, and why
  public HealthChecks(World world, ProxyHealth health, BiConsumer<ObjectKey, String> problems) {
    this.world = world;
    this.health = health;
    this.problems = problems;
  }

  /// Answers for these Services, and for no others.
  public synchronized void change(Map<ObjectKey, Wanted> services) {
    checks
        .entrySet()
        .removeIf(
            one -> {
              Wanted wanted = services.get(one.getKey());
              boolean gone = wanted == null || wanted.port() != one.getValue().answer().port;
              if (gone) {
                one.getValue().server().close();
              }
              return gone;
            });
    services.forEach(
        (service, wanted) -> {
          Check check = checks.get(service);
          if (check == null) {
            start(service, wanted);
          } else {
            check.answer().endpoints = wanted.endpoints();
          }
        });
  }

  private void start(ObjectKey service, Wanted wanted) {
    Answer answer = new Answer(service, wanted);
    HttpServer server = new HttpServer(world, answer::to, LARGEST_CONTENT);
    try {
      server.listen(new InetSocketAddress("0.0.0.0", wanted.port()));
      checks.put(service, new Check(server, answer));
    } catch (IOException e) {
      server.close();
      problems.accept(service, e.getMessage());
    }
  }

  private final class Answer {
    private final ObjectKey service;
    private final int port;
    private volatile int endpoints;

    Answer(ObjectKey service, Wanted wanted) {
      this.service = service;
      this.port = wanted.port();
      this.endpoints = wanted.endpoints();
    }

    void to(Exchange exchange) {
      int count = endpoints;
      boolean healthy = health.report().healthy();
      exchange.respond(
          Pages.json(
              count > 0 && healthy,
              List.of(new Header("x-load-balancing-endpoint-weight", Integer.toString(count))),
              """
              {
              	"service": {
              		"namespace": "%s",
              		"name": "%s"
              	},
              	"localEndpoints": %d,
              	"serviceProxyHealthy": %s
              }"""
                  .formatted(service.namespace(), service.name(), count, healthy)));
    }
  }

  @Override
  public synchronized void close() {
    change(Map.of());
  }
}

package dev.tiphys.node.server;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.http.Exchange;
import dev.tiphys.http.HttpHandler;
import dev.tiphys.http.Response;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.metrics.HealthChecks;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.Sandbox;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.node.volumes.usage.VolumeUsages;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.World;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Finds out what a request is about, and whether its client may ask.
///
/// Threads: any.
final class AgentHandler implements HttpHandler {

  private static final String TEXT = "text/plain; charset=utf-8";

  /// Upstream's names for what `/healthz` looks at. All of them hold as long as it is answered.
  private static final List<String> CHECKS = List.of("ping", "log", "syncloop");

  private final Api api;
  private final ContainerRuntime runtime;
  private final Callers callers;
  private final LogEndpoint logs;
  private final SessionEndpoint sessions;

  private final HealthChecks checks = new HealthChecks();
  private final NodePages pages;
  private volatile int port;

  AgentHandler(
      World world, Api api, ContainerRuntime runtime, NodeSettings settings, Callers callers) {
    this.api = api;
    this.pages = new NodePages(world, api, runtime, settings, checks);
    this.runtime = runtime;
    this.callers = callers;
    this.logs = new LogEndpoint(world, runtime);
    this.sessions = new SessionEndpoint(world, runtime);
  }

  @Override
  public void handle(Exchange exchange) throws InterruptedException {
    String[] path = exchange.path().substring(1).split("/");
    try {
      Caller caller = callers.identify(exchange);
      if (caller == null) {
        text(exchange, 401, "Unauthorized");
        return;
      }
      if (!callers.mayAsk(caller, exchange.method(), exchange.path())) {
        text(exchange, 403, Callers.refusal(caller, exchange.method(), exchange.path()));
        return;
      }
      if (path[0].equals("healthz")) {
        CHECKS.forEach(each -> checks.ended(each, "healthz", true));
        text(exchange, 200, "ok");
        return;
      }
      route(exchange, path, new Query(exchange.query()));
    } catch (Refusal e) {
      text(exchange, e.status(), e.text());
    } catch (ApiException e) {
      text(exchange, e.code(), e.message());
    }
  }

  void volumes(VolumeUsages usages, Consumer<Exposition> metrics) {
    pages.volumes(usages, metrics);
  }

  void proxy(Supplier<String> page) {
    pages.proxy(page);
  }

  void probes(Consumer<Exposition> counts) {
    pages.probes(counts);
  }

  /// Says where the agent listens.
  void listening(int number) {
    port = number;
  }

  private void route(Exchange exchange, String[] path, Query query)
      throws Refusal, InterruptedException {
    String about = path[0] + "/" + path.length;
    switch (about) {
      case "containerLogs/4" -> logs.answer(exchange, choice(path), query);
      case "exec/4" -> sessions.exec(exchange, choice(path), query);
      case "attach/4" -> sessions.attach(exchange, choice(path), query);
      case "portForward/3" -> sessions.portForward(exchange, sandbox(pod(path)), query);
      default -> {
        @Nullable Response page =
            exchange.method().equals("GET") ? pages.find(String.join("/", path), port) : null;
        if (page == null) {
          throw Refusal.notFound("404 page not found");
        }
        exchange.respond(page);
      }
    }
  }

  private ContainerChoice choice(String[] path) throws Refusal {
    return new ContainerChoice(pod(path), path[3]);
  }

  private Struct pod(String[] path) throws Refusal {
    Struct pod = api.find(ApiResource.PODS, path[1], path[2]);
    if (pod == null) {
      throw Refusal.notFound("pod does not exist");
    }
    return pod;
  }

  /// The id of the Pod's sandbox.
  private String sandbox(Struct pod) throws Refusal, InterruptedException {
    try {
      List<Sandbox> sandboxes =
          runtime.sandboxes(Map.of(PodLabels.POD_UID, pod.string("metadata", "uid")));
      return sandboxes.stream()
          .filter(Sandbox::ready)
          .max(Comparator.comparing(Sandbox::created))
          .map(Sandbox::id)
          .orElseThrow(() -> Refusal.notFound("the pod has no sandbox that runs"));
    } catch (RuntimeFailure e) {
      throw Refusal.internal(String.valueOf(e.getMessage()));
    }
  }

  private static void text(Exchange exchange, int status, String text) {
    exchange.respond(Response.of(status, TEXT, text.getBytes(StandardCharsets.UTF_8)));
  }
}

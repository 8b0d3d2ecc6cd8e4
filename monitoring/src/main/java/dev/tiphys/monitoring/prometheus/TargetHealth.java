package dev.tiphys.monitoring.prometheus;

import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.monitoring.program.Server;
import dev.tiphys.monitoring.query.PrometheusQueries;
import dev.tiphys.monitoring.query.QueryException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/// Asks Prometheus servers how their scrapes go. With many targets the answer is long, so that
/// nothing else is done meanwhile but for that server's next configuration.
///
/// Threads: any.
final class TargetHealth implements AutoCloseable {

  private static final String NAME = "prometheus-targets";
  private static final int WORKERS = 1;
  private static final RetryPolicy POLICY =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofMinutes(1));

  private final Verdicts verdicts;
  private final Function<ObjectKey, Optional<Server>> servers;
  private final Consumer<ObjectKey> told;
  private final Controller controller;
  private final Map<ObjectKey, String> failures = new ConcurrentHashMap<>();

  /// @param servers those that answer
  /// @param told when [#failure] has changed
  TargetHealth(
      World world,
      Verdicts verdicts,
      Function<ObjectKey, Optional<Server>> servers,
      Consumer<ObjectKey> told) {
    this.verdicts = verdicts;
    this.servers = servers;
    this.told = told;
    this.controller = new Controller(NAME, world, WORKERS, POLICY, this::reconcile);
  }

  void start() {
    controller.start();
  }

  /// Has a server asked, in the background.
  void look(ObjectKey prometheus) {
    controller.queue().add(prometheus, 0);
  }

  /// Why a server did not tell, when it was asked last; empty if it did.
  String failure(ObjectKey prometheus) {
    return failures.getOrDefault(prometheus, "");
  }

  void forget(ObjectKey prometheus) {
    failures.remove(prometheus);
  }

  private Outcome reconcile(ObjectKey prometheus) throws InterruptedException {
    Optional<Server> server = servers.apply(prometheus);
    if (server.isEmpty()) {
      return Outcome.DONE; // it is asked once it answers
    }
    String failure = "";
    try {
      verdicts.publishHealth(
          prometheus,
          JobHealth.of(new PrometheusQueries(path -> ask(server.get(), path)).activeTargets()));
    } catch (QueryException e) {
      failure = "its targets are not known: " + e.getMessage();
    }
    String before = failures.put(prometheus, failure);
    if (!failure.equals(before == null ? "" : before)) {
      told.accept(prometheus);
    }
    return Outcome.DONE;
  }

  private static Struct ask(Server server, String path)
      throws QueryException, InterruptedException {
    try {
      return Json.struct(server.get(path).getBytes(StandardCharsets.UTF_8));
    } catch (IOException | EncodingException e) {
      throw new QueryException("", "it does not answer: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    controller.close();
  }
}

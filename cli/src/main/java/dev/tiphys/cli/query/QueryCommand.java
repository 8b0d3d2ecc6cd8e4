package dev.tiphys.cli.query;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.options.ServerOption;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.monitoring.query.PrometheusQueries;
import dev.tiphys.monitoring.query.QueryException;
import dev.tiphys.monitoring.query.QueryResult;
import dev.tiphys.object.GoDuration;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tiphys query`
@Command(
    name = "query",
    description =
        "Asks the Prometheus of the cluster: what an expression is now, as a table, or what it was over a span of"
            + " time, as a small chart for each series. It is asked through the API server, with the rights of the"
            + " kubeconfig.",
    mixinStandardHelpOptions = true)
public final class QueryCommand implements Runnable {

  /// How many steps a chart has.
  private static final int STEPS = 60;

  @Mixin private ServerOption server = new ServerOption();

  @Option(
      names = {"-r", "--range"},
      paramLabel = "DURATION",
      description = "A chart of so long a time until now (or --time): 5m, 1h30m.")
  private String range = "";

  @Option(
      names = "--time",
      paramLabel = "TIME",
      description = "When the expression is evaluated: 2026-05-01T10:00:00Z. Default: now.")
  private String time = "";

  @Option(
      names = "--service",
      paramLabel = "NAMESPACE/NAME:PORT",
      description = "Another Prometheus in the cluster. Default: ${DEFAULT-VALUE}.")
  private String service = "monitoring/prometheus:9090";

  @Parameters(paramLabel = "PROMQL", description = "The expression: 'sum by (job) (up)'.")
  private String expression = "";

  @Override
  public void run() {
    World world = new RealWorld();
    Kubeconfig.Access access = server.access();
    HttpApi api = new HttpApi(world, access, "tiphys");
    ServerOption.require(api, access);
    PrometheusQueries prometheus = new PrometheusQueries(new ProxiedPrometheus(api, service()));
    Optional<Instant> at = time.isEmpty() ? Optional.empty() : Optional.of(moment());
    try {
      lines(prometheus, at, world).forEach(System.out::println);
    } catch (QueryException e) {
      throw new CliException(e.message(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted", e);
    }
  }

  private List<String> lines(PrometheusQueries prometheus, Optional<Instant> at, World world)
      throws QueryException, InterruptedException {
    QueryResult result;
    List<String> lines;
    if (range.isEmpty()) {
      result = prometheus.instant(expression, at);
      lines = Answers.table(result);
    } else {
      Instant end = at.orElseGet(world::now);
      Duration step = Duration.ofMillis(Math.max(1, span().toMillis() / (STEPS - 1)));
      Instant begin = end.minus(step.multipliedBy(STEPS - 1));
      result = prometheus.range(expression, begin, end, step);
      lines = Answers.charts(result, begin, step, STEPS);
    }
    result.warnings().forEach(warning -> System.err.println("Warning: " + warning));
    return lines;
  }

  private String service() {
    if (!service.matches("[^/]+/[^/:]+(:[^/:]+)?")) {
      throw new CliException("name the Service as NAMESPACE/NAME:PORT, not " + service);
    }
    return service;
  }

  private Instant moment() {
    try {
      return Instant.parse(time);
    } catch (DateTimeParseException e) {
      throw new CliException("--time takes a time such as 2026-05-01T10:00:00Z, not " + time, e);
    }
  }

  private Duration span() {
    try {
      return Duration.ofNanos(GoDuration.nanos(range));
    } catch (IllegalArgumentException e) {
      throw new CliException("--range takes a duration such as 30m or 1h30m, not " + range, e);
    }
  }
}

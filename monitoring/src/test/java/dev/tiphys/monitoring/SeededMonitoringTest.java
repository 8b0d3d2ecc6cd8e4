package dev.tiphys.monitoring;

import static dev.tiphys.client.ApiResource.SERVICES;
import static dev.tiphys.monitoring.model.MonitoringResources.SERVICE_MONITORS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.controllers.Faults;
import dev.tiphys.world.Rounds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Monitors come and go, good ones and bad ones, while requests are lost, the server ends and other
/// processes take over: in the end Prometheus has exactly the good ones, and each is said to be
/// what it is.
class SeededMonitoringTest {

  private static final int STEPS = 30;
  private static final int NAMES = 4;

  @TempDir Path directory;

  static List<Long> seeds() {
    List<Long> seeds = new ArrayList<>();
    for (long i = 1; i <= Rounds.of("tiphys.monitoring", 8); i++) {
      seeds.add(i);
    }
    return seeds;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void inTheEndPrometheusHasTheGoodOnes(long seed) {
    try (MonitoringCluster it = new MonitoringCluster(directory, seed, new Faults(0.05, 0.05))) {
      it.good("first");
      for (int i = 0; i < STEPS; i++) {
        step(it);
      }
      it.program.refused = "forbidden";
      it.advance(300);
      it.ready();
      it.advance(300);

      List<String> wanted = new ArrayList<>();
      for (String name : it.cluster.names(SERVICE_MONITORS)) {
        boolean good = !name.startsWith("bad") && !name.startsWith("refused");
        if (good) {
          wanted.add("serviceMonitor/default/" + name + "/0");
        }
        assertThat(it.condition(name, "Accepted"))
            .as(name)
            .startsWith(good ? "True" : "False InvalidConfiguration");
      }
      assertThat(it.program.server().jobs()).containsExactlyElementsOf(wanted);
      assertThat(it.prometheus("Available")).startsWith("True");
      assertThat(it.prometheus("Reconciled")).startsWith("True");
      assertThat(it.program.servers.stream().filter(each -> !each.closed)).hasSize(1);
    }
  }

  private static void step(MonitoringCluster it) {
    String name = "a-" + it.cluster.world.random().nextInt(NAMES);
    switch (it.cluster.world.random().nextInt(9)) {
      case 0 -> it.restart();
      case 1 -> made(it, name, "selector: {}\nendpoints: [{port: a}]");
      case 2 -> made(it, "bad-" + name, "selector: {}\nendpoints: [{port: a, scrapeTimeout: 1h}]");
      case 3 -> made(it, "refused-" + name, "selector: {}\nendpoints: [{path: /forbidden}]");
      case 4 -> it.cluster.delete(SERVICE_MONITORS, name);
      case 5 -> it.program.refused = it.program.refused.isEmpty() ? "forbidden" : "";
      case 6 -> it.program.servers.forEach(each -> each.become(!each.closed, ""));
      case 7 -> it.program.servers.forEach(each -> each.become(false, "killed"));
      default -> it.cluster.delete(SERVICES, name);
    }
    it.advance(it.cluster.world.random().nextInt(60));
  }

  private static void made(MonitoringCluster it, String name, String spec) {
    if (!it.cluster.names(SERVICE_MONITORS).contains(name)) {
      it.monitor(name, spec);
    }
  }
}

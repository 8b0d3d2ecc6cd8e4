package dev.tiphys.monitoring;

import static dev.tiphys.client.ApiResource.SECRETS;
import static dev.tiphys.monitoring.model.MonitoringResources.PROMETHEUSES;
import static dev.tiphys.monitoring.model.MonitoringResources.RULES;
import static dev.tiphys.monitoring.model.MonitoringResources.SERVICE_MONITORS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What cannot be used is rejected alone, and said to be so; all else goes on.
class RejectionTest {

  @TempDir Path directory;
  private MonitoringCluster it;

  @BeforeEach
  void start() {
    it = new MonitoringCluster(directory, 1);
  }

  @AfterEach
  void close() {
    it.close();
  }

  /// The four faults that took all targets down in reports, beside two good monitors.
  @Test
  void oneBadMonitorIsRejectedAloneAndTakenOnceItIsCorrected() {
    it.good("one");
    it.ready();
    it.monitor(
        "regex",
        "selector: {}\nendpoints: [{port: a, relabelings: [{action: keep, regex: '(a', sourceLabels: [b]}]}]");
    it.monitor("slow", "selector: {}\nendpoints: [{port: a, interval: 5s, scrapeTimeout: 10s}]");
    it.good("two");

    assertThat(it.program.server().jobs())
        .containsExactly("serviceMonitor/default/one/0", "serviceMonitor/default/two/0");
    assertThat(it.condition("slow", "Accepted"))
        .isEqualTo(
            "False InvalidConfiguration: endpoints[0]: scrapeTimeout \"10s\" greater than scrapeInterval \"5s\"");
    assertThat(it.condition("regex", "Accepted"))
        .startsWith(
            "False InvalidConfiguration: endpoints[0]: relabelConfigs: [0]: invalid regex (a for relabel configuration: error parsing regexp: missing closing ):");
    assertThat(it.cluster.events("slow"))
        .contains(
            "InvalidConfiguration: \"default/slow\" was rejected due to invalid configuration: endpoints[0]: scrapeTimeout \"10s\" greater than scrapeInterval \"5s\"");

    it.cluster.change(
        SERVICE_MONITORS,
        "slow",
        monitor ->
            monitor.withAt(
                List.of(Json.struct("{\"port\":\"a\",\"interval\":\"15s\"}")),
                "spec",
                "endpoints"));
    it.advance(5);

    assertThat(it.program.servers).hasSize(1);
    assertThat(it.program.server().jobs())
        .containsExactly(
            "serviceMonitor/default/one/0",
            "serviceMonitor/default/slow/0",
            "serviceMonitor/default/two/0");
    assertThat(it.condition("slow", "Accepted")).isEqualTo("True : ");
  }

  @Test
  void whatTheProgramRefusesIsNarrowedDownToTheObjectsThatItComesFrom() {
    it.program.refused = "forbidden";
    for (int i = 0; i < 5; i++) {
      it.good("good-" + i);
    }
    it.ready();
    it.monitor("bad", "selector: {}\nendpoints: [{port: a, path: /forbidden}]");
    it.rule("rules", "forbidden");
    it.rule("fine", "sum(up)");

    assertThat(it.program.server().jobs()).hasSize(5);
    assertThat(it.program.server().config().strings("rule_files"))
        .singleElement()
        .asString()
        .startsWith("rules/default-fine-");
    assertThat(it.condition("bad", "Accepted"))
        .isEqualTo("False InvalidConfiguration: it has forbidden");
    assertThat(it.condition(RULES, "rules", "Accepted"))
        .isEqualTo("False InvalidConfiguration: invalid rule: it has forbidden");
    assertThat(it.prometheus("Reconciled")).isEqualTo("True : ");

    int checks = it.program.checks.get();
    it.cluster.advance(Duration.ofMinutes(5));
    assertThat(it.program.checks).as("what is known is not asked again").hasValue(checks);
  }

  @Test
  void aFaultOfThePrometheusItselfIsNotBlamedOnItsMonitors() {
    it.good("myapp");
    it.ready();
    it.program.refused = "forbidden";
    Struct object = it.prometheus();
    it.cluster.api.update(
        PROMETHEUSES, object.withAt(Struct.of("a", "forbidden"), "spec", "externalLabels"));
    it.advance(5);

    assertThat(it.prometheus("Reconciled"))
        .isEqualTo("False ReconciliationFailed: the configuration is refused: it has forbidden");
    assertThat(it.condition("myapp", "Accepted")).isEqualTo("True : ");
    assertThat(it.program.server().jobs()).hasSize(1);
  }

  @Test
  void aMissingSecretRejectsUntilItIsThereAndIsKeptInAFile() throws IOException {
    it.monitor(
        "auth",
        "selector: {}\nendpoints: [{port: a, basicAuth: {username: {name: s, key: u}, password: {name: s, key: p}}}]");
    it.ready();
    assertThat(it.condition("auth", "Accepted"))
        .isEqualTo(
            "False InvalidConfiguration: endpoints[0]: basicAuth: failed to get basic auth username: unable to get secret \"s\": secrets \"s\" not found");

    it.cluster.create(
        SECRETS,
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: default}\nstringData: {u: me, p: s3cret}");
    it.advance(5);

    assertThat(it.condition("auth", "Accepted")).isEqualTo("True : ");
    Struct basic =
        it.program.server().config().structs("scrape_configs").getFirst().struct("basic_auth");
    assertThat(basic.string("username")).isEqualTo("me");
    assertThat(it.program.server().place(basic.string("password_file"))).hasContent("s3cret");
    assertThat(Files.readString(directory.resolve("monitoring/prometheus/config.yaml")))
        .doesNotContain("s3cret");
  }
}

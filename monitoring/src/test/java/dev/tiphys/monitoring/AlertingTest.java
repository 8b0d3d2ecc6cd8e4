package dev.tiphys.monitoring;

import static dev.tiphys.monitoring.model.MonitoringResources.ALERTMANAGERS;
import static dev.tiphys.monitoring.model.MonitoringResources.ALERTMANAGER_CONFIGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From AlertmanagerConfigs to an Alertmanager that has them.
class AlertingTest {

  @TempDir Path directory;
  private MonitoringCluster monitored;

  @BeforeEach
  void start() {
    monitored = new MonitoringCluster(directory, 1);
  }

  @AfterEach
  void stop() {
    monitored.close();
  }

  private void config(String name, String spec) {
    monitored.cluster.create(
        ALERTMANAGER_CONFIGS,
        """
        apiVersion: monitoring.coreos.com/v1alpha1
        kind: AlertmanagerConfig
        metadata: {name: %s, namespace: default}
        spec: %s
        """
            .formatted(name, spec));
    monitored.advance(10);
  }

  private void hook(String name) {
    config(
        name,
        "{route: {receiver: hook}, receivers: [{name: hook, webhookConfigs: [{url: 'http://%s'}]}]}"
            .formatted(name));
  }

  private void ready() {
    monitored.alertmanager.server().become(true, "");
    monitored.advance(5);
  }

  private List<String> routes() {
    return monitored.alertmanager.server().config().structs("route", "routes").stream()
        .map(route -> route.string("receiver"))
        .toList();
  }

  private String accepted(String config) {
    List<Struct> bindings =
        monitored.cluster.get(ALERTMANAGER_CONFIGS, config).structs("status", "bindings");
    return bindings.isEmpty()
        ? ""
        : bindings.getFirst().structs("conditions").getFirst().string("status")
            + bindings.getFirst().structs("conditions").getFirst().string("message");
  }

  private String condition(String type) {
    return monitored
        .cluster
        .api
        .get(ALERTMANAGERS, "monitoring", "alertmanager")
        .structs("status", "conditions")
        .stream()
        .filter(each -> each.string("type").equals(type))
        .map(each -> each.string("status") + " " + each.string("message"))
        .findFirst()
        .orElse("");
  }

  @Test
  void nothingRunsBeforeTheFirstConfig() {
    assertThat(monitored.alertmanager.servers).isEmpty();
    assertThat(monitored.all(ALERTMANAGERS)).isEmpty();
  }

  @Test
  void theFirstConfigStartsAnAlertmanagerThatPrometheusKnows() {
    hook("one");
    ready();
    monitored.good("web");
    monitored.ready();

    assertThat(routes()).containsExactly("default/one/hook");
    assertThat(accepted("one")).isEqualTo("True");
    assertThat(condition("Available")).isEqualTo("True ");
    assertThat(monitored.program.server().loaded.getLast().structs("alerting", "alertmanagers"))
        .extracting(each -> each.structs("static_configs").getFirst().strings("targets"))
        .containsExactly(List.of("192.0.2.7:19093"));
    assertThat(
            monitored.all(ApiResource.ENDPOINT_SLICES).stream()
                .map(slice -> Meta.of(slice).name())
                .toList())
        .contains("alertmanager-host-1");
    assertThat(monitored.alertmanager.server().flags).contains("--cluster.listen-address=");
  }

  @Test
  void oneThatIsRefusedIsLeftOutUntilItIsMended() {
    hook("good");
    ready();
    config("lost", "{route: {receiver: none}}");
    monitored.alertmanager.refused = "http://wrong";
    hook("wrong");
    hook("later");

    assertThat(routes()).containsExactly("default/good/hook", "default/later/hook");
    assertThat(accepted("lost")).isEqualTo("Falsereceiver \"none\" not found");
    assertThat(accepted("wrong")).isEqualTo("Falseit has http://wrong");
    assertThat(condition("Reconciled")).isEqualTo("True ");

    monitored.cluster.api.delete(ALERTMANAGER_CONFIGS, "default", "wrong", DeleteOptions.DEFAULT);
    hook("wrong2");
    assertThat(accepted("later")).isEqualTo("True");
  }

  @Test
  void aSecretThatChangesIsReadAgain() {
    config(
        "one",
        "{route: {receiver: hook}, receivers: [{name: hook, webhookConfigs: [{urlSecret: {name: s, key: url}}]}]}");
    assertThat(accepted("one")).contains("secrets \"s\" not found");
    ready();

    monitored.cluster.create(
        ApiResource.SECRETS,
        "{apiVersion: v1, kind: Secret, metadata: {name: s, namespace: default}, stringData: {url: 'http://x'}}");
    monitored.advance(10);

    assertThat(accepted("one")).isEqualTo("True");
    assertThat(routes()).containsExactly("default/one/hook");
  }

  @Test
  void whatIsMissingIsSaid() {
    monitored.alertmanager.missing = "alertmanager is not installed: apt-get install x";
    hook("one");

    assertThat(condition("Reconciled"))
        .isEqualTo("False alertmanager is not installed: apt-get install x");
    assertThat(monitored.alertmanager.servers).isEmpty();
  }

  @Test
  void anAlertmanagerThatIsDeletedEnds() {
    hook("one");
    ready();

    monitored.cluster.api.delete(
        ALERTMANAGERS, "monitoring", "alertmanager", DeleteOptions.DEFAULT);
    monitored.advance(10);

    assertThat(monitored.alertmanager.server().closed).isTrue();
  }
}

package dev.tiphys.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Workloads that roll when what they name changes.
class ReloadTest {

  private static final Map<String, ApiResource> KINDS =
      Map.of(
          "Deployment", ApiResource.DEPLOYMENTS,
          "StatefulSet", ApiResource.STATEFUL_SETS,
          "DaemonSet", ApiResource.DAEMON_SETS);

  private static final String ENV =
      """
      containers:
      - name: main
        image: "web:1"
        env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}]
        envFrom: [{secretRef: {name: password}}]
      """;

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  private void workload(String kind, String annotations, String pod) {
    cluster.create(
        KINDS.get(kind),
        """
        apiVersion: apps/v1
        kind: %s
        metadata:
          name: web
          namespace: default
          annotations: {%s}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
        %s
        """
            .formatted(kind, annotations, pod.indent(6).stripTrailing()));
    cluster.settle();
  }

  private void object(String kind, String name, String annotations, String value) {
    boolean secret = kind.equals("Secret");
    cluster.create(
        secret ? ApiResource.SECRETS : ApiResource.CONFIG_MAPS,
        """
        apiVersion: v1
        kind: %s
        metadata: {name: %s, namespace: default, annotations: {%s}}
        %s: {a: "%s"}
        """
            .formatted(kind, name, annotations, secret ? "stringData" : "data", value));
  }

  private void change(String kind, String name, String value) {
    boolean secret = kind.equals("Secret");
    cluster.change(
        secret ? ApiResource.SECRETS : ApiResource.CONFIG_MAPS,
        name,
        object ->
            secret
                ? object.with("stringData", Struct.of("a", value))
                : object.with("data", Struct.of("a", value)));
    cluster.settle();
  }

  /// How many templates the workload has had.
  private int templates(String kind) {
    return cluster
        .names(
            kind.equals("Deployment") ? ApiResource.REPLICA_SETS : ApiResource.CONTROLLER_REVISIONS)
        .size();
  }

  private void objects() {
    object("ConfigMap", "settings", "", "one");
    object("Secret", "password", "", "one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Deployment", "StatefulSet", "DaemonSet"})
  void a_workload_rolls_when_a_ConfigMap_or_Secret_changes_that_it_names(String kind) {
    objects();
    workload(kind, "reloader.stakater.com/auto: 'true'", ENV);
    assertThat(templates(kind)).as("nothing has changed").isEqualTo(1);
    change("ConfigMap", "settings", "two");
    assertThat(templates(kind)).isEqualTo(2);
    change("Secret", "password", "two");
    assertThat(templates(kind)).isEqualTo(3);
    assertThat(cluster.events("web"))
        .contains(
            "Reloaded: Changes detected in 'settings' of type 'CONFIGMAP' in namespace 'default',"
                + " Updated 'web' of type '"
                + kind
                + "' in namespace 'default'",
            "Reloaded: Changes detected in 'password' of type 'SECRET' in namespace 'default',"
                + " Updated 'web' of type '"
                + kind
                + "' in namespace 'default'");
  }

  @Test
  void its_Pods_are_replaced() {
    objects();
    workload("Deployment", "reloader.stakater.com/auto: 'true'", ENV);
    List<String> before = cluster.names(ApiResource.PODS);
    change("ConfigMap", "settings", "two");
    assertThat(cluster.names(ApiResource.PODS)).hasSize(1).doesNotContainAnyElementsOf(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                               | 1 | 1",
        "reloader.stakater.com/auto: 'false'              | 1 | 1",
        "configmap.reloader.stakater.com/auto: 'true'     | 2 | 2",
        "secret.reloader.stakater.com/auto: 'true'        | 1 | 2",
        "configmap.reloader.stakater.com/reload: settings | 2 | 2",
        "configmap.reloader.stakater.com/reload: 'x, y'   | 1 | 1",
        "secret.reloader.stakater.com/reload: 'x,password'| 1 | 2",
        "reloader.stakater.com/search: 'true'             | 1 | 1",
      },
      quoteCharacter = '"')
  void annotations_say_what_it_rolls_for(String annotation, int ofConfigMap, int ofBoth) {
    objects();
    workload("Deployment", annotation.equals("''") ? "" : annotation, ENV);
    change("ConfigMap", "settings", "two");
    assertThat(templates("Deployment")).isEqualTo(ofConfigMap);
    change("Secret", "password", "two");
    assertThat(templates("Deployment")).isEqualTo(ofBoth);
  }

  @Test
  void one_that_searches_rolls_for_what_is_marked() {
    object("ConfigMap", "settings", "reloader.stakater.com/match: 'true'", "one");
    object("Secret", "password", "", "one");
    workload("Deployment", "reloader.stakater.com/search: 'true'", ENV);
    change("Secret", "password", "two");
    assertThat(templates("Deployment")).isEqualTo(1);
    change("ConfigMap", "settings", "two");
    assertThat(templates("Deployment")).isEqualTo(2);
  }

  @Test
  void what_is_to_be_ignored_rolls_nothing() {
    object("ConfigMap", "settings", "reloader.stakater.com/ignore: 'true'", "one");
    workload("Deployment", "reloader.stakater.com/auto: 'true'", ENV);
    change("ConfigMap", "settings", "two");
    assertThat(templates("Deployment")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "volumes: [{name: v, configMap: {name: settings}}]",
        "volumes: [{name: v, projected: {sources: [{configMap: {name: settings}}]}}]",
        "initContainers: [{name: i, image: 'i:1', envFrom: [{configMapRef: {name: settings}}]}]",
        "initContainers: [{name: i, image: 'i:1',"
            + " env: [{name: A, valueFrom: {configMapKeyRef: {name: settings, key: a}}}]}]",
      })
  void it_may_be_named_anywhere(String where) {
    object("ConfigMap", "settings", "", "one");
    workload(
        "Deployment",
        "reloader.stakater.com/auto: 'true'",
        "containers: [{name: main, image: 'web:1'}]\n" + where);
    change("ConfigMap", "settings", "two");
    assertThat(templates("Deployment")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "volumes: [{name: v, secret: {secretName: password}}]",
        "volumes: [{name: v, projected: {sources: [{secret: {name: password}}]}}]",
      })
  void a_Secret_may_be_a_volume(String where) {
    object("Secret", "password", "", "one");
    workload(
        "Deployment",
        "reloader.stakater.com/auto: 'true'",
        "containers: [{name: main, image: 'web:1'}]\n" + where);
    change("Secret", "password", "two");
    assertThat(templates("Deployment")).isEqualTo(2);
  }

  @Test
  void a_restart_of_the_controllers_rolls_nothing_and_a_change_meanwhile_does() {
    objects();
    workload("Deployment", "reloader.stakater.com/auto: 'true'", ENV);
    cluster.restartControllers();
    cluster.settle();
    assertThat(templates("Deployment")).isEqualTo(1);
    cluster.stopControllers();
    change("ConfigMap", "settings", "two");
    assertThat(templates("Deployment")).isEqualTo(1);
    cluster.restartControllers();
    cluster.settle();
    assertThat(templates("Deployment")).isEqualTo(2);
  }

  @Test
  void a_change_of_labels_or_a_new_object_rolls_nothing_and_one_that_comes_back_changed_does() {
    workload("Deployment", "reloader.stakater.com/auto: 'true'", ENV);
    objects();
    cluster.settle();
    cluster.change(
        ApiResource.CONFIG_MAPS,
        "settings",
        object -> object.withAt(Struct.of("is", "seen"), "metadata", "labels"));
    cluster.settle();
    cluster.delete(ApiResource.CONFIG_MAPS, "settings");
    cluster.settle();
    assertThat(templates("Deployment")).isEqualTo(1);
    object("ConfigMap", "settings", "", "one");
    cluster.settle();
    assertThat(templates("Deployment")).isEqualTo(1);
    cluster.delete(ApiResource.CONFIG_MAPS, "settings");
    cluster.settle();
    object("ConfigMap", "settings", "", "two");
    cluster.settle();
    assertThat(templates("Deployment")).isEqualTo(2);
  }

  @Test
  void the_strategy_restart_does_as_kubectl_rollout_restart() {
    object("ConfigMap", "settings", "", "one");
    workload(
        "Deployment",
        "reloader.stakater.com/auto: 'true', reloader.stakater.com/rollout-strategy: restart",
        ENV);
    change("ConfigMap", "settings", "two");
    Struct annotations =
        cluster
            .get(ApiResource.DEPLOYMENTS, "web")
            .struct("spec", "template", "metadata", "annotations");
    assertThat(annotations.names()).containsExactly("kubectl.kubernetes.io/restartedAt");
  }
}

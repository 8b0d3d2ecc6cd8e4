package dev.tiphys.secrets;

import static dev.tiphys.client.ApiResource.CUSTOM_RESOURCE_DEFINITIONS;
import static dev.tiphys.client.ApiResource.SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.EXTERNAL_SECRETS;
import static dev.tiphys.secrets.model.SecretsResources.SECRET_STORES;

import dev.tiphys.client.Api;
import dev.tiphys.controllers.ControllerSettings;
import dev.tiphys.controllers.Faults;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.secrets.generator.Generator;
import dev.tiphys.secrets.generator.vault.VaultGenerator;
import dev.tiphys.secrets.kept.SecretData;
import dev.tiphys.secrets.provider.vault.VaultProvider;
import dev.tiphys.secrets.sync.Explanation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// A cluster on virtual time that has ExternalSecrets, and a store of which tests say what is in
/// it.
final class SecretsCluster implements AutoCloseable {

  final TestCluster cluster;
  final ScriptedProvider provider = new ScriptedProvider();
  private final Api own;
  private ExternalSecrets running;

  SecretsCluster(long seed) {
    this(seed, Faults.NONE);
  }

  SecretsCluster(long seed, Faults faults) {
    cluster = new TestCluster(seed, ControllerSettings.DEFAULT);
    own = faults.between(cluster.world, cluster.apiOf(ExternalSecrets.USER));
    running = started();
    do {
      advance(30); // the kinds are made, and their objects listed
    } while (cluster.names(CUSTOM_RESOURCE_DEFINITIONS).size() < Definitions.ALL.size());
  }

  private ExternalSecrets started() {
    List<Generator> generators = new ArrayList<>(ExternalSecrets.GENERATORS);
    generators.add(new VaultGenerator(cluster.world));
    return ExternalSecrets.start(
        cluster.world, own, List.of(provider, new VaultProvider()), generators);
  }

  /// A controller that knows nothing takes over.
  void restart() {
    running.close();
    cluster.world.settle();
    running = started();
  }

  /// A controller begins where one has ended.
  void begin() {
    running = started();
  }

  /// The controller ends.
  void stop() {
    running.close();
    cluster.world.settle();
  }

  void advance(long seconds) {
    cluster.advance(Duration.ofSeconds(seconds));
  }

  /// A SecretStore `main` of the test's values.
  void store() {
    cluster.create(
        SECRET_STORES,
        """
        apiVersion: external-secrets.io/v1
        kind: SecretStore
        metadata: {name: main, namespace: default}
        spec: {provider: {fake: {data: []}}}
        """);
    advance(1);
  }

  /// An ExternalSecret `app` of the store `main`, which is looked at.
  ///
  /// @param spec further fields of its spec, in YAML
  void external(String spec) {
    external("app", spec);
  }

  void external(String name, String spec) {
    cluster.create(
        EXTERNAL_SECRETS,
        """
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: %s, namespace: default, labels: {team: blue}}
        spec:
        %s
        """
            .formatted(
                name,
                (spec.contains("secretStoreRef") ? spec : "secretStoreRef: {name: main}\n" + spec)
                    .indent(2)));
    advance(2);
  }

  Struct external() {
    return cluster.get(EXTERNAL_SECRETS, "app");
  }

  /// The condition Ready of the ExternalSecret `app`: `True SecretSynced: secret synced`.
  String ready() {
    return ready(external());
  }

  static String ready(Struct object) {
    Struct condition = Objects.requireNonNullElse(Meta.condition(object, "Ready"), Struct.EMPTY);
    return "%s %s: %s"
        .formatted(
            condition.string("status"), condition.string("reason"), condition.string("message"));
  }

  boolean hasSecret(String name) {
    return cluster.names(SECRETS).contains(name);
  }

  Struct secret(String name) {
    return cluster.get(SECRETS, name);
  }

  /// The values of a Secret as text.
  Map<String, String> values(String name) {
    Map<String, String> texts = new TreeMap<>();
    SecretData.of(secret(name))
        .forEach((key, value) -> texts.put(key, new String(value, StandardCharsets.UTF_8)));
    return texts;
  }

  Explanation explanation() {
    return running.explanation();
  }

  String metrics() {
    Exposition out = new Exposition();
    running.write(out);
    return out.toString();
  }

  @Override
  public void close() {
    running.close();
    cluster.close();
  }
}

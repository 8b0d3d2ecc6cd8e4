package dev.tiphys.apiserver;

import dev.tiphys.apiserver.audit.AuditMetrics;
import dev.tiphys.apiserver.audit.AuditPolicy;
import dev.tiphys.apiserver.audit.Auditor;
import dev.tiphys.apiserver.audit.LogBackend;
import dev.tiphys.apiserver.audit.RotatingFile;
import dev.tiphys.apiserver.audit.RotatingFile.Limits;
import dev.tiphys.apiserver.encryption.ConfiguredEncryption;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Measures in processor time what it costs to record requests, and to encrypt what they write:
/// GETs and updates by a caller in the process. Run its main method.
final class RecordingSpeed {

  private static final ApiResource SECRETS =
      new ApiResource(GroupVersion.parse("v1"), "secrets", "Secret", true);
  private static final int ROUNDS = 100_000;
  private static final RealWorld WORLD = new RealWorld();

  private RecordingSpeed() {}

  public static void main(String[] args) throws IOException {
    Path directory = Files.createTempDirectory("recording");
    measure("nothing recorded", ApiServerSettings.standard());
    for (String level : new String[] {"None", "Metadata", "Request", "RequestResponse"}) {
      measure(
          "audit log at level " + level,
          ApiServerSettings.standard().auditedBy(auditor(directory, level)));
    }
    for (String provider : new String[] {"secretbox", "aesgcm", "aescbc"}) {
      measure(
          "encrypted with " + provider,
          ApiServerSettings.standard().encryptedBy(encryption(directory, provider)));
    }
    System.exit(0);
  }

  private static Auditor auditor(Path directory, String level) throws IOException {
    Path policy =
        Files.writeString(
            directory.resolve("policy.yaml"),
            "{apiVersion: audit.k8s.io/v1, kind: Policy, rules: [{level: " + level + "}]}");
    AuditMetrics metrics = new AuditMetrics();
    RotatingFile file =
        new RotatingFile(
            WORLD,
            directory.resolve(level + ".log"),
            new Limits(100 << 20, Duration.ZERO, 1, false));
    return new Auditor(
        WORLD,
        AuditPolicy.read(policy),
        new LogBackend(file, LogBackend.Format.JSON, metrics),
        metrics);
  }

  private static ConfiguredEncryption encryption(Path directory, String provider)
      throws IOException {
    Path file =
        Files.writeString(
            directory.resolve(provider + ".yaml"),
            """
            apiVersion: apiserver.config.k8s.io/v1
            kind: EncryptionConfiguration
            resources:
            - resources: [secrets]
              providers:
              - %s: {keys: [{name: k, secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]}
            """
                .formatted(provider));
    return new ConfiguredEncryption(WORLD, "measured", file, false);
  }

  private static void measure(String what, ApiServerSettings settings) {
    try (ApiServer server = new ApiServer(EmbeddedStore.inMemory(WORLD), WORLD, settings)) {
      Api api = server.api("measuring");
      api.create(ApiResource.NAMESPACES, Yaml.struct("{metadata: {name: ns}}"));
      Struct[] secret = {
        api.create(
            SECRETS,
            Yaml.struct(
                "{metadata: {name: s, namespace: ns}, stringData: {a: '" + "x".repeat(500) + "'}}"))
      };
      double get = cost(() -> api.get(SECRETS, "ns", "s", ""));
      int[] count = {0};
      double update =
          cost(
              () ->
                  secret[0] =
                      api.update(
                          SECRETS,
                          secret[0].withAt("v" + count[0]++, "metadata", "labels", "l"),
                          ""));
      System.out.printf("%-40s GET %6.2f us, update %6.2f us%n", what, get, update);
    }
  }

  private static double cost(Runnable action) {
    double last = 0;
    for (int round = 0; round < 2; round++) { // the first warms up
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (int i = 0; i < ROUNDS; i++) {
        action.run();
      }
      long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
      last = spent / 1_000.0 / ROUNDS;
    }
    return last;
  }
}

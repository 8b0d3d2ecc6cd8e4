package dev.tiphys.secrets;

import static dev.tiphys.secrets.model.SecretsResources.CLUSTER_SECRET_STORES;
import static dev.tiphys.secrets.model.SecretsResources.EXTERNAL_SECRETS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.kept.SecretData;
import dev.tiphys.secrets.provider.aws.AwsProvider;
import dev.tiphys.secrets.provider.aws.client.AwsEnvironment;
import dev.tiphys.secrets.provider.aws.server.AwsServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A whole cluster whose secrets are AWS's.
class AwsStoresTest {

  private static final int MANY = 200;

  private TestCluster cluster;
  private AwsServer server;
  private ExternalSecrets running;

  @BeforeEach
  void start() throws IOException {
    cluster = new TestCluster(1);
    server = new AwsServer(cluster.world);
    Map<String, String> variables = new TreeMap<>(server.variables());
    variables.put("AWS_ACCESS_KEY_ID", AwsServer.ACCESS_KEY);
    variables.put("AWS_SECRET_ACCESS_KEY", AwsServer.SECRET_KEY);
    AwsEnvironment environment =
        new AwsEnvironment(variables, Path.of("/nonexistent"), Duration.ofSeconds(5));
    running =
        ExternalSecrets.start(
            cluster.world,
            cluster.apiOf(ExternalSecrets.USER),
            List.of(new AwsProvider(environment)),
            List.of());
    cluster.advance(Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    running.close();
    cluster.close();
    server.close();
  }

  @Test
  void oneRoleAndOneReadOfEachSecretServeAllOfThem() {
    cluster.create(
        CLUSTER_SECRET_STORES,
        """
        apiVersion: external-secrets.io/v1
        kind: ClusterSecretStore
        metadata: {name: aws}
        spec:
          provider:
            aws: {service: SecretsManager, region: eu-central-1, role: "arn:aws:iam::1:role/app"}
        """);
    server.secrets.have("db", Struct.of("SecretString", "{\"user\":\"app\",\"password\":\"p1\"}"));
    cluster.advance(Duration.ofSeconds(2));
    for (int i = 0; i < MANY; i++) {
      cluster.create(
          EXTERNAL_SECRETS,
          """
          apiVersion: external-secrets.io/v1
          kind: ExternalSecret
          metadata: {name: app-%d, namespace: default}
          spec:
            refreshInterval: 5m
            secretStoreRef: {kind: ClusterSecretStore, name: aws}
            data:
              - {secretKey: user, remoteRef: {key: db, property: user}}
              - {secretKey: password, remoteRef: {key: db, property: password}}
          """
              .formatted(i));
    }
    cluster.advance(Duration.ofSeconds(10));

    assertThat(password(MANY - 1)).isEqualTo("p1");
    assertThat(server.count("AssumeRole")).isEqualTo(1);
    assertThat(server.count("GetSecretValue")).isLessThan(MANY / 2);

    server.secrets.have("db", Struct.of("SecretString", "{\"user\":\"app\",\"password\":\"p2\"}"));
    cluster.advance(Duration.ofMinutes(6));
    assertThat(password(0)).isEqualTo("p2");
    assertThat(server.count("AssumeRole")).isEqualTo(1);
  }

  private String password(int number) {
    Struct secret = cluster.get(ApiResource.SECRETS, "app-" + number);
    return new String(
        SecretData.of(secret).getOrDefault("password", new byte[0]), StandardCharsets.UTF_8);
  }
}

package dev.tiphys.secrets.generator.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.ServiceAddresses;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.generator.Asker;
import dev.tiphys.secrets.generator.Generator;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.aws.client.AwsEnvironment;
import dev.tiphys.secrets.provider.aws.server.AwsServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Registries of AWS are logged in to.
class RegistryLoginTest {

  private TestCluster cluster;
  private Informer services;
  private AwsServer server;

  @BeforeEach
  void start() throws IOException {
    cluster = new TestCluster(1);
    services = new Informer(cluster.world, cluster.api, ApiResource.SERVICES).start();
    cluster.settle();
    server = new AwsServer(cluster.world);
  }

  @AfterEach
  void close() {
    server.close();
    services.close();
    cluster.close();
  }

  private Map<String, String> login(String spec) throws InterruptedException {
    Map<String, String> variables = new TreeMap<>(server.variables());
    variables.put("AWS_ACCESS_KEY_ID", AwsServer.ACCESS_KEY);
    variables.put("AWS_SECRET_ACCESS_KEY", AwsServer.SECRET_KEY);
    Generator generator =
        new RegistryLogin(
            new AwsEnvironment(variables, Path.of("/nonexistent"), Duration.ofSeconds(5)));
    Map<String, String> texts = new TreeMap<>();
    generator
        .generate(
            Yaml.struct(spec),
            new Generator.Context(
                cluster.world,
                "default",
                new References(cluster.api, false, "default"),
                new HttpTransport(new ServiceAddresses(services)),
                new Asker(cluster.world, cluster.api, Struct.EMPTY),
                _ -> {}))
        .forEach((key, value) -> texts.put(key, new String(value, StandardCharsets.UTF_8)));
    return texts;
  }

  @Test
  void aPrivateRegistrySaysWhereItIs() throws InterruptedException {
    assertThat(login("{region: eu-central-1, role: 'arn:aws:iam::1:role/app'}"))
        .isEqualTo(
            Map.of(
                "username", "AWS",
                "password", "login",
                "expires_at", "1700000000",
                "proxy_endpoint", "https://1234.dkr.ecr.eu-central-1.amazonaws.com"));
    assertThat(server.count("AssumeRole")).isEqualTo(1);
  }

  @Test
  void thePublicOneIsInOneRegion() throws InterruptedException {
    assertThat(login("{region: us-east-1, scope: public}"))
        .isEqualTo(Map.of("username", "AWS", "password", "login", "expires_at", "1700000000"));
  }

  @Test
  void aFailureSaysWhatWasWanted() {
    server.failures.add(new AwsServer.Failure(400, "AccessDeniedException", "no"));
    assertThatThrownBy(() -> login("{region: eu-central-1}"))
        .hasMessage(
            "unable to get authorization token: operation error ECR: GetAuthorizationToken, https"
                + " response error StatusCode: 400, api error AccessDeniedException: no");
  }
}

package dev.tiphys.secrets.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.ServiceAddresses;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.StoreContext;
import dev.tiphys.secrets.provider.aws.client.AwsEnvironment;
import dev.tiphys.secrets.provider.aws.server.AwsServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// A cluster with the keys of an account of AWS, and stores of it.
final class AwsSetup implements AutoCloseable {

  final TestCluster cluster = new TestCluster(1);
  final AwsServer server;
  final Map<String, String> variables;
  Duration patience = Duration.ofMinutes(1);
  Path home = Path.of("/nonexistent");
  private final Informer services;

  AwsSetup() throws IOException {
    server = new AwsServer(cluster.world);
    variables = new TreeMap<>(server.variables());
    services = new Informer(cluster.world, cluster.api, ApiResource.SERVICES).start();
    cluster.settle();
    secret("default", AwsServer.SECRET_KEY);
  }

  void secret(String namespace, String secretKey) {
    cluster.create(
        ApiResource.SECRETS,
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: aws, namespace: %s}
        stringData: {id: %s, key: %s}
        """
            .formatted(namespace, AwsServer.ACCESS_KEY, secretKey));
  }

  /// Settings that name the account's keys.
  static Struct settings(String service, String more) {
    return Yaml.struct(
        """
        service: %s
        region: eu-central-1
        auth:
          secretRef:
            accessKeyIDSecretRef: {name: aws, key: id}
            secretAccessKeySecretRef: {name: aws, key: key}
        %s
        """
            .formatted(service, more));
  }

  AwsEnvironment environment() {
    return new AwsEnvironment(variables, home, patience);
  }

  HttpTransport transport() {
    return new HttpTransport(new ServiceAddresses(services));
  }

  OpenStore open(String service, String more) {
    return open("SecretStore", "default", settings(service, more), Struct.EMPTY);
  }

  OpenStore open(String kind, String namespace, Struct settings, Struct spec) {
    Struct object =
        Struct.of(
            "kind",
            kind,
            "metadata",
            Struct.of("name", "main", "namespace", kind.equals("SecretStore") ? "default" : ""),
            "spec",
            spec.with("provider", Struct.of("aws", settings)));
    Store store = new Store(object);
    return new AwsProvider(environment())
        .open(
            new StoreContext(
                cluster.world,
                store,
                namespace,
                new References(cluster.api, store.isCluster(), namespace),
                transport()));
  }

  static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  static Map<String, String> texts(Map<String, byte[]> values) {
    Map<String, String> texts = new TreeMap<>();
    values.forEach((key, value) -> texts.put(key, text(value)));
    return texts;
  }

  /// That no message has anything of the credentials.
  static void assertClean(Throwable failure) {
    assertThat(failure.getMessage())
        .doesNotContain(
            AwsServer.ACCESS_KEY, AwsServer.SECRET_KEY, "token-of", "secret-of", "11112222");
  }

  @Override
  public void close() {
    services.close();
    server.close();
    cluster.close();
  }
}

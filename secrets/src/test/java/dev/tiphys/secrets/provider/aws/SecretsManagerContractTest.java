package dev.tiphys.secrets.provider.aws;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.Provider;
import dev.tiphys.secrets.provider.ProviderContract;
import dev.tiphys.secrets.provider.Trait;
import dev.tiphys.secrets.provider.aws.client.AwsEnvironment;
import dev.tiphys.secrets.provider.aws.server.AwsServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Secrets Manager keeps to what all stores keep to.
class SecretsManagerContractTest extends ProviderContract {

  private AwsServer server;
  private final Map<String, String> variables = new TreeMap<>();

  @BeforeEach
  void start() throws IOException {
    server = new AwsServer(cluster.world);
    variables.putAll(server.variables());
    cluster.create(
        ApiResource.SECRETS,
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: aws, namespace: default}
        stringData: {id: %s, key: %s}
        """
            .formatted(AwsServer.ACCESS_KEY, AwsServer.SECRET_KEY));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  protected Set<Trait> traits() {
    return EnumSet.allOf(Trait.class);
  }

  @Override
  protected Provider provider() {
    return new AwsProvider(new AwsEnvironment(variables, Path.of("/nonexistent"), patience));
  }

  @Override
  protected Struct settings() {
    return AwsSetup.settings("SecretsManager", "");
  }

  @Override
  protected Struct settings(URI other) {
    variables.replaceAll((name, _) -> name.endsWith("ENDPOINT") ? other.toString() : "true");
    // without a role nothing has to be asked to know that there are credentials
    return AwsSetup.settings("SecretsManager", "role: arn:aws:iam::1:role/app");
  }

  @Override
  protected List<String> credentials() {
    return List.of(AwsServer.ACCESS_KEY, AwsServer.SECRET_KEY);
  }

  @Override
  protected String have(String key, String json) {
    return "uuid/" + server.secrets.have(key, Struct.of("SecretString", json));
  }
}

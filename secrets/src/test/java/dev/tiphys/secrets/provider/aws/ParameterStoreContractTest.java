package dev.tiphys.secrets.provider.aws;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.provider.Provider;
import dev.tiphys.secrets.provider.ProviderContract;
import dev.tiphys.secrets.provider.Trait;
import dev.tiphys.secrets.provider.aws.client.AwsEnvironment;
import dev.tiphys.secrets.provider.aws.server.AwsServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Parameter Store keeps to what all stores keep to. Its paths begin with a slash, and a pushed
/// parameter is one value; hostile servers are those of Secrets Manager, which is asked alike.
class ParameterStoreContractTest extends ProviderContract {

  private AwsServer server;

  @BeforeEach
  void start() throws IOException {
    server = new AwsServer(cluster.world);
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
    return EnumSet.of(Trait.GUARDS, Trait.VERSIONS, Trait.FINDS);
  }

  @Override
  protected Provider provider() {
    return new AwsProvider(
        new AwsEnvironment(server.variables(), Path.of("/nonexistent"), patience));
  }

  @Override
  protected Struct settings() {
    return AwsSetup.settings("ParameterStore", "");
  }

  @Override
  protected List<String> credentials() {
    return List.of(AwsServer.ACCESS_KEY, AwsServer.SECRET_KEY);
  }

  @Override
  protected String have(String key, String json) {
    return server.parameters.have(key, json);
  }
}

package dev.tiphys.secrets.provider.kubernetes;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.secrets.data.Values;
import dev.tiphys.secrets.provider.Provider;
import dev.tiphys.secrets.provider.ProviderContract;
import dev.tiphys.secrets.provider.Trait;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;

/// Secrets of another namespace keep to what all stores keep to. Each of their values is a text.
class KubernetesContractTest extends ProviderContract {

  @BeforeEach
  void start() {
    KubernetesProviderTest.rights(cluster);
  }

  @Override
  protected Set<Trait> traits() {
    return EnumSet.of(Trait.WRITES, Trait.WRITES_PROPERTIES, Trait.FINDS, Trait.FLAT);
  }

  @Override
  protected Provider provider() {
    return new KubernetesProvider(new RemoteClusters(cluster));
  }

  @Override
  protected Struct settings() {
    return Yaml.struct("{remoteNamespace: remote, auth: {serviceAccount: {name: reader}}}");
  }

  @Override
  protected String have(String key, String json) {
    StructBuilder texts = new StructBuilder();
    Json.struct(json).forEach((name, value) -> texts.put(name, Values.text(value)));
    Struct secret =
        Struct.of("apiVersion", "v1", "kind", "Secret", "stringData", texts.build())
            .with("metadata", Struct.of("name", key, "namespace", "remote"));
    if (cluster.api.find(ApiResource.SECRETS, "remote", key) == null) {
      Struct _ = cluster.api.create(ApiResource.SECRETS, secret);
    } else {
      Struct _ = cluster.api.update(ApiResource.SECRETS, secret);
    }
    return "";
  }
}

package dev.tiphys.secrets.provider.vault;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.secrets.provider.Provider;
import dev.tiphys.secrets.provider.ProviderContract;
import dev.tiphys.secrets.provider.Trait;
import dev.tiphys.secrets.vault.Setup;
import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// Engines of the first version, with a token that was given.
class KvOneContractTest extends ProviderContract {

  private VaultScene scene;
  private Setup.Puts engine;

  @BeforeEach
  void start() throws IOException {
    scene = new VaultScene(cluster);
    engine = scene.setup.kvOne("kv");
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Override
  protected Set<Trait> traits() {
    return EnumSet.complementOf(EnumSet.of(Trait.VERSIONS));
  }

  @Override
  protected Provider provider() {
    return new VaultProvider(new Sessions(patience));
  }

  @Override
  protected Struct settings() {
    return settings(scene.server.uri());
  }

  @Override
  protected Struct settings(URI server) {
    return VaultScene.settings(server, "v1", VaultScene.BY_TOKEN);
  }

  @Override
  protected List<String> credentials() {
    return List.of(VaultScene.TOKEN);
  }

  @Override
  protected String have(String key, String json) {
    engine.put(key, Json.struct(json));
    return "";
  }
}

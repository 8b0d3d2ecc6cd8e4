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

/// Engines of the second version, and those who log in to them.
class KvTwoContractTest extends ProviderContract {

  private static final String HEADER = "header-value-0123456789";

  private VaultScene scene;
  private Setup.Puts engine;

  @BeforeEach
  void start() throws IOException {
    scene = new VaultScene(cluster);
    engine = scene.setup.kvTwo("secret");
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Override
  protected Set<Trait> traits() {
    return EnumSet.allOf(Trait.class);
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
    return VaultScene.settings(server, "v2", VaultScene.BY_ROLE)
        .with("headers", Struct.of("X-Own", HEADER));
  }

  @Override
  protected List<String> credentials() {
    return List.of(VaultScene.ROLE, VaultScene.SECRET, HEADER, "made-token");
  }

  @Override
  protected String have(String key, String json) {
    return String.valueOf(engine.put(key, Json.struct(json)));
  }
}

package dev.tiphys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// The rights that users are told to give to parts on another API server are those that the parts
/// have on ours.
class RightsElsewhereTest {
  private static final Path FILE = Path.of("..", "docs", "rights-elsewhere.yaml");

  @Test
  void theyAreThoseOfOurServer() throws Exception {
    World world = new RealWorld();
    try (ApiServer server =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount"))) {
      server.defaults(new ApiServerAddress("192.0.2.200", 6443, "10.96.0.1")).ensure();
      Api api = server.api("tester");
      List<String> documents = List.of(Files.readString(FILE).split("\n---\n"));

      assertThat(documents).hasSize(9);
      for (String document : documents) {
        Struct told = Yaml.struct(document);
        String kind = told.string("kind");
        GroupVersion version = GroupVersion.parse(told.string("apiVersion"));
        Meta meta = Meta.of(told);
        Struct ours =
            api.get(
                new ApiResource(
                    version,
                    kind.toLowerCase(Locale.ROOT) + "s",
                    kind,
                    !meta.namespace().isEmpty()),
                meta.namespace(),
                meta.name());
        assertThat(told.structs("rules")).isEqualTo(ours.structs("rules"));
        assertThat(told.struct("roleRef")).isEqualTo(ours.struct("roleRef"));
        assertThat(ours.structs("subjects")).containsAll(told.structs("subjects"));
      }
    }
  }
}

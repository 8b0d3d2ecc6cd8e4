package dev.tiphys.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.storage.driver.DriverSettings;
import dev.tiphys.storage.host.Mount;
import dev.tiphys.storage.host.ThisMachine;
import dev.tiphys.storage.sidecar.StorageResources;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The storage of a node, with its real driver and an API server in the process.
@Tag("node")
class LocalStorageOnNodeTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final World world = new RealWorld();
  @TempDir private Path directory;

  private void await(Supplier<Boolean> condition) throws InterruptedException {
    long end = world.nanoTime() + PATIENCE.toNanos();
    while (!condition.get()) {
      assertThat(world.nanoTime()).as("patience").isLessThan(end);
      world.sleep(Duration.ofMillis(5));
    }
  }

  /// Binds the claim, as the binder does, and has its volume's size be set aside.
  private void modify(Api api, String volume) throws InterruptedException {
    api.create(
        StorageResources.ATTRIBUTES_CLASSES,
        Yaml.struct(
            """
            apiVersion: storage.k8s.io/v1
            kind: VolumeAttributesClass
            metadata: {name: guaranteed}
            driverName: local.tiphys.dev
            parameters: {overcommit: "false"}
            """));
    Struct claim = api.get(ApiResource.PERSISTENT_VOLUME_CLAIMS, "default", "data");
    Struct named =
        api.update(
            ApiResource.PERSISTENT_VOLUME_CLAIMS, claim.withAt(volume, "spec", "volumeName"));
    Struct bound =
        api.update(
            ApiResource.PERSISTENT_VOLUME_CLAIMS,
            named.with("status", Struct.of("phase", "Bound")),
            "status");
    api.update(
        ApiResource.PERSISTENT_VOLUME_CLAIMS,
        bound.withAt("guaranteed", "spec", "volumeAttributesClassName"));
    await(
        () ->
            api.get(ApiResource.PERSISTENT_VOLUME_CLAIMS, "default", "data")
                .string("status", "currentVolumeAttributesClassName")
                .equals("guaranteed"));
    assertThat(
            api.get(ApiResource.PERSISTENT_VOLUMES, "", volume)
                .string("spec", "volumeAttributesClassName"))
        .isEqualTo("guaranteed");
  }

  @Test
  void aClaimGetsAnImageThatResetTakesAwayAgain() throws Exception {
    Path data = directory.toRealPath();
    try (ApiServer server =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount"))) {
      server.defaults(new ApiServerAddress("192.0.2.200", 6443, "10.96.0.1")).ensure();
      Api own =
          server.api(
              UserInfo.of("system:tiphys:storage", UserInfo.AUTHENTICATED), "storage", "storage");
      Api api = server.api("tester");
      try (LocalStorage _ =
          LocalStorage.start(world, own, DriverSettings.of("node-1", data, data, "test"))) {
        await(() -> api.find(StorageResources.CLASSES, "", "standard") != null);
        Struct claim =
            api.create(
                ApiResource.PERSISTENT_VOLUME_CLAIMS,
                Yaml.struct(
                    """
                    apiVersion: v1
                    kind: PersistentVolumeClaim
                    metadata:
                      name: data
                      namespace: default
                      annotations:
                        volume.kubernetes.io/storage-provisioner: local.tiphys.dev
                        volume.kubernetes.io/selected-node: node-1
                    spec:
                      accessModes: [ReadWriteOnce]
                      storageClassName: standard
                      resources: {requests: {storage: 16Mi}}
                    """));
        String name = "pvc-" + Meta.of(claim).uid();
        await(() -> api.find(ApiResource.PERSISTENT_VOLUMES, "", name) != null);
        assertThat(data.resolve("storage/volumes").resolve(name)).isDirectory();
        assertThat(data.resolve("plugins_registry/local.tiphys.dev-reg.sock")).exists();
        modify(api, name);
        Path image = data.resolve("storage/volumes").resolve(name).resolve("image");
        if (Files.exists(image)) { // in use, as by an agent that has ended
          Path mounted = Files.createDirectories(data.resolve("mounted"));
          new ThisMachine().run("mount", "-o", "loop", image.toString(), mounted.toString());
        }
      }
    }

    LocalStorage.clear(world, data);

    assertThat(Mount.atOrBelow(data)).isEmpty();
    assertThat(data.resolve("storage")).doesNotExist();
  }
}

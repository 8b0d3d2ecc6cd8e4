package dev.tiphys.secrets.provider.vault;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.outbound.HttpTransport;
import dev.tiphys.client.outbound.ServiceAddresses;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.object.Struct;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.provider.OpenStore;
import dev.tiphys.secrets.provider.References;
import dev.tiphys.secrets.provider.StoreContext;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A test with a cluster and a Vault.
abstract class VaultTest {

  protected TestCluster cluster;
  protected VaultScene scene;
  protected HttpTransport transport;
  private Informer services;

  @BeforeEach
  void startScene() throws IOException {
    cluster = new TestCluster(1);
    services = new Informer(cluster.world, cluster.api, ApiResource.SERVICES).start();
    cluster.world.settle();
    transport = new HttpTransport(new ServiceAddresses(services));
    scene = new VaultScene(cluster);
  }

  @AfterEach
  void closeScene() {
    scene.close();
    services.close();
    cluster.close();
  }

  protected Session session(Struct vault, Struct spec) throws InterruptedException {
    return new Sessions(Duration.ofSeconds(30))
        .open(cluster.world, transport, vault, spec, new References(cluster.api, false, "default"));
  }

  protected static Store store(String kind, Struct vault) {
    return new Store(
        Struct.of(
            "kind",
            kind,
            "metadata",
            Struct.of("name", "main", "namespace", kind.equals("SecretStore") ? "default" : ""),
            "spec",
            Struct.of("provider", Struct.of("vault", vault))));
  }

  /// A SecretStore of these settings, open.
  protected OpenStore open(Struct vault) throws InterruptedException {
    return open(store("SecretStore", vault), "default");
  }

  protected OpenStore open(Store store, String namespace) throws InterruptedException {
    References references = new References(cluster.api, store.isCluster(), namespace);
    return new VaultProvider()
        .open(new StoreContext(cluster.world, store, namespace, references, transport));
  }
}

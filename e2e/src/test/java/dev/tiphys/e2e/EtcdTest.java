package dev.tiphys.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.TestPorts;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A cluster whose objects are in an etcd.
@Tag("e2e")
class EtcdTest {

  @TempDir Path directory;

  @Test
  void aClusterKeepsItsObjectsInEtcdAsUpstreamDoes() throws Exception {
    String client = "http://127.0.0.1:" + TestPorts.free();
    String peer = "http://127.0.0.1:" + TestPorts.free();
    Process etcd =
        new ProcessBuilder(
                "etcd",
                "--data-dir",
                directory.resolve("etcd").toString(),
                "--listen-client-urls",
                client,
                "--advertise-client-urls",
                client,
                "--listen-peer-urls",
                peer,
                "--initial-advertise-peer-urls",
                peer,
                "--initial-cluster",
                "default=" + peer)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("etcd.log").toFile())
            .start();
    try (TestCluster cluster = new TestCluster(directory)) {
      Command health =
          new Command("etcdctl", "--endpoints", client, "endpoint", "health")
              .with("ETCDCTL_API", "3");
      Command.Result _ = Await.until("etcd is ready", health::run, result -> result.exit() == 0);
      cluster.up("--node", "simulated", "--store", "etcd=" + client);
      cluster.apply(Manifests.web("web", 2));
      cluster.k("rollout", "status", "deployment/web", "--timeout=60s");

      String keys =
          new Command(
                  "etcdctl", "--endpoints", client, "get", "--prefix", "--keys-only", "/registry/")
              .with("ETCDCTL_API", "3")
              .run()
              .ok();
      assertThat(keys)
          .contains("/registry/deployments/default/web")
          .contains("/registry/minions/simulated-0")
          .contains("/registry/services/specs/default/kubernetes");

      cluster.k("create", "secret", "generic", "s", "--from-literal=password=not-to-be-read");
      String stored =
          new Command(
                  "etcdctl",
                  "--endpoints",
                  client,
                  "-w",
                  "json",
                  "get",
                  "/registry/secrets/default/s")
              .with("ETCDCTL_API", "3")
              .run()
              .ok();
      Struct state = Json.struct(stored).structs("kvs").getFirst();
      assertThat(new String(Base64.getDecoder().decode(state.string("value")), ISO_8859_1))
          .startsWith("k8s:enc:secretbox:v1:key-")
          .doesNotContain("not-to-be-read");
    } finally {
      etcd.destroy();
      etcd.waitFor();
    }
  }
}

package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A cluster with real containers whose process is killed again and again, while objects are
/// written and Pods come and go. `-Dtiphys.kills` says how often.
@Tag("e2e")
@Timeout(3600)
class KilledClusterTest {

  private static final int KILLS = Integer.getInteger("tiphys.kills", 5);
  private static final long SEED = Long.getLong("tiphys.seed", 7);

  private final Object lock = new Object();
  private final Set<String> acknowledged = new HashSet<>(); // guarded by lock
  private boolean stopped; // guarded by lock
  private TestCluster cluster;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    cluster = new TestCluster(directory).up();
    cluster.load(ContainersTest.IMAGES.resolve("busybox.tar"));
    cluster.apply(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: lasting, namespace: default}
        spec:
          replicas: 2
          selector: {matchLabels: {app: lasting}}
          template:
            metadata: {labels: {app: lasting}}
            spec:
              terminationGracePeriodSeconds: 1
              containers: [{name: c, image: 'busybox:1.36', command: [sleep, '%s']}]
        """
            .formatted(mark()));
  }

  /// For how many seconds containers sleep: so that those of this cluster are told from all other
  /// processes, those of earlier runs among them.
  private long mark() {
    return 100_000_000L + ProcessHandle.current().pid();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void nothingAcknowledgedIsLostAndNothingRunsTwice() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    Thread writer = Thread.ofPlatform().start(this::write);
    for (int i = 0; i < KILLS; i++) {
      int replicas = random.nextInt(1, 5);
      cluster.k("scale", "deployment/lasting", "--replicas=" + replicas);
      awaitWrites(random.nextInt(3, 60));
      ProcessHandle process = ProcessHandle.of(cluster.pid()).orElseThrow();
      process.destroyForcibly();
      process.onExit().join();
      cluster.up();
    }
    synchronized (lock) {
      stopped = true;
    }
    writer.join();

    cluster.k("scale", "deployment/lasting", "--replicas=3");
    cluster.k("rollout", "status", "deployment/lasting", "--timeout=120s");
    cluster.await(
        "three Pods are left",
        out -> out.split(" ").length == 3,
        "get",
        "pods",
        "-o",
        "jsonpath={.items[*].metadata.name}");
    awaitProcesses("sleep\0" + mark(), 3);
    awaitProcesses("containerd-shim-runc-v2\0-namespace\0k8s.io", cluster.data().toString(), 3);
    try (KubernetesClient client = client()) {
      Set<String> there =
          client.configMaps().inNamespace("default").list().getItems().stream()
              .map(map -> map.getMetadata().getName())
              .collect(Collectors.toSet());
      assertThat(there).containsAll(acknowledged);
    }
  }

  private KubernetesClient client() throws IOException {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(Files.readString(cluster.kubeconfig())))
        .build();
  }

  /// Writes objects, and remembers those whose write was answered.
  private void write() {
    try (KubernetesClient client = client()) {
      for (int i = 0; !isStopped(); i++) {
        ConfigMap map =
            new ConfigMapBuilder().withNewMetadata().withName("written-" + i).endMetadata().build();
        try {
          client.configMaps().inNamespace("default").resource(map).create();
          acknowledge("written-" + i);
        } catch (KubernetesClientException e) {
          continue; // killed: it may be there or not
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean isStopped() {
    synchronized (lock) {
      return stopped;
    }
  }

  private void acknowledge(String name) {
    synchronized (lock) {
      acknowledged.add(name);
      lock.notifyAll();
    }
  }

  private void awaitWrites(int more) throws InterruptedException {
    synchronized (lock) {
      int wanted = acknowledged.size() + more;
      while (acknowledged.size() < wanted) {
        lock.wait();
      }
    }
  }

  private static void awaitProcesses(String command, int count) {
    awaitProcesses(command, "", count);
  }

  /// Waits until so many processes have both texts in their command line.
  private static void awaitProcesses(String command, String argument, int count) {
    List<String> _ =
        Await.until(
            count + " of " + command,
            () -> processes(command, argument),
            found -> found.size() == count);
  }

  private static List<String> processes(String command, String argument) {
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      return entries
          .filter(path -> path.getFileName().toString().chars().allMatch(Character::isDigit))
          .map(KilledClusterTest::commandLine)
          .filter(line -> line.contains(command) && line.contains(argument))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return ""; // it has just ended
    }
  }
}

package dev.tiphys.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.Resource;
import dev.tiphys.schema.ResourceTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The manifests of `docs/manifests/corrected` do what they are meant to: everything in them comes
/// to run.
class CorrectedManifestsTest {

  private static final Path FOLDER = Path.of("../docs/manifests/corrected");

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.sorted().toList();
    }
  }

  private static List<Struct> applied(VirtualCluster cluster, Path file) throws IOException {
    List<Struct> made = new ArrayList<>();
    for (Object each : Yaml.parseAll(Files.readString(file))) {
      Struct object = (Struct) each;
      ApiResource resource = resource(object);
      made.add(
          cluster
              .api()
              .create(
                  resource,
                  resource.namespaced()
                      ? object.withAt("default", "metadata", "namespace")
                      : object));
    }
    return made;
  }

  private static ApiResource resource(Struct object) {
    Resource resource =
        ResourceTable.builtIn().stream()
            .filter(each -> each.kind().equals(object.string("kind")))
            .filter(each -> each.groupVersion().toString().equals(object.string("apiVersion")))
            .findFirst()
            .orElseThrow();
    return new ApiResource(
        resource.groupVersion(), resource.plural(), resource.kind(), resource.namespaced());
  }

  /// Lets Pods start one after the other, and gives each claim a volume when it has come.
  private static void run(VirtualCluster cluster) {
    for (int round = 0; round < 10; round++) {
      cluster.advance(Duration.ofMinutes(1));
      for (Struct claim :
          cluster
              .api()
              .list(ApiResource.PERSISTENT_VOLUME_CLAIMS, "default", ListOptions.ALL)
              .items()) {
        if (claim.string("spec", "volumeName").isEmpty()) {
          bind(cluster, claim);
        }
      }
    }
  }

  private static void bind(VirtualCluster cluster, Struct claim) {
    String name = "volume-of-" + claim.string("metadata", "name");
    cluster.create(
        ApiResource.PERSISTENT_VOLUMES,
        """
        metadata: {name: %s}
        spec:
          capacity: {storage: 100Gi}
          accessModes: [ReadWriteOnce]
          claimRef: {namespace: default, name: %s, uid: %s}
          hostPath: {path: /data}
        """
            .formatted(name, claim.string("metadata", "name"), claim.string("metadata", "uid")));
    Struct bound =
        cluster
            .api()
            .update(
                ApiResource.PERSISTENT_VOLUME_CLAIMS,
                claim
                    .withAt(name, "spec", "volumeName")
                    .withAt("yes", "metadata", "annotations", "pv.kubernetes.io/bind-completed"));
    cluster
        .api()
        .update(
            ApiResource.PERSISTENT_VOLUME_CLAIMS,
            bound.with("status", Struct.of("phase", "Bound")),
            "status");
  }

  @ParameterizedTest
  @MethodSource("files")
  void allReplicasBecomeReady(Path file) throws IOException {
    try (VirtualCluster cluster = new VirtualCluster(1)) {
      cluster.startNodes("simulated-", 3);
      List<Struct> made = applied(cluster, file);
      run(cluster);

      for (Struct object : made) {
        if (object.has("spec", "replicas")) {
          Struct now =
              cluster.api().get(resource(object), "default", object.string("metadata", "name"));
          assertThat(now.integer("status", "readyReplicas"))
              .as(file + ": " + now.struct("status"))
              .isEqualTo(object.integer("spec", "replicas"));
        }
      }
    }
  }

  @Test
  void brokersAreNumbered() throws IOException {
    try (VirtualCluster cluster = new VirtualCluster(1)) {
      cluster.startNodes("simulated-", 1);
      applied(cluster, FOLDER.resolve("4-kafka.yaml"));
      run(cluster);

      assertThat(
              cluster
                  .objects(ApiResource.PODS, "kafka-")
                  .map(pod -> pod.string("metadata", "labels", "apps.kubernetes.io/pod-index")))
          .containsExactly("0", "1", "2");
    }
  }
}

package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VolumeTest {

  private static final ApiResource CLAIMS = ApiResource.PERSISTENT_VOLUME_CLAIMS;
  private static final ApiResource VOLUMES = ApiResource.PERSISTENT_VOLUMES;
  private static final String SELECTED = "volume.kubernetes.io/selected-node";
  private static final String USES_DATA =
      "'volumes':[{'name':'data','persistentVolumeClaim':{'claimName':'data'}}]";

  private final TestCluster cluster = new TestCluster(1);

  @BeforeEach
  void addNodes() {
    cluster.nodes(3);
    storageClass("late", "a.example/disk", "WaitForFirstConsumer");
    storageClass("local", "kubernetes.io/no-provisioner", "WaitForFirstConsumer");
    storageClass("eager", "a.example/disk", "Immediate");
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void storageClass(String name, String provisioner, String mode) {
    cluster.api.create(
        new ApiResource(
            GroupVersion.parse("storage.k8s.io/v1"), "storageclasses", "StorageClass", false),
        json(
            "{'metadata':{'name':'"
                + name
                + "'},'provisioner':'"
                + provisioner
                + "','volumeBindingMode':'"
                + mode
                + "'}"));
  }

  private void claim(String name, String type, String mode) {
    cluster.api.create(
        CLAIMS,
        json(
            "{'metadata':{'name':'"
                + name
                + "','namespace':'default'},'spec':{'storageClassName':'"
                + type
                + "','accessModes':['"
                + mode
                + "'],'resources':{'requests':{'storage':'1Gi'}}}}"));
  }

  /// Adds a volume that only one node reaches.
  private void volume(String name, String type, String size, String node) {
    cluster.api.create(
        VOLUMES,
        json(
            "{'metadata':{'name':'"
                + name
                + "'},'spec':{'storageClassName':'"
                + type
                + "','capacity':{'storage':'"
                + size
                + "'},'accessModes':['ReadWriteOnce'],'local':{'path':'/disk'},'nodeAffinity':"
                + "{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':"
                + "'kubernetes.io/hostname','operator':'In','values':['"
                + node
                + "']}]}]}}}}"));
  }

  /// Does what the controller of volumes does at last.
  private void bind(String claim, String volume) {
    Struct found = cluster.api.get(CLAIMS, "default", claim);
    Struct bound = found.withAt(volume, "spec", "volumeName");
    bound = Meta.withAnnotation(bound, "pv.kubernetes.io/bind-completed", "yes");
    Struct written = cluster.api.update(CLAIMS, bound);
    cluster.api.update(CLAIMS, written.withAt("Bound", "status", "phase"), "status");
  }

  private Struct claimed(String name) {
    return cluster.api.get(CLAIMS, "default", name);
  }

  @Test
  void aPodWaitsForItsClaimToExist() {
    cluster.pod("db", USES_DATA);
    cluster.settle();

    assertThat(cluster.reason("db"))
        .isEqualTo(
            "0/3 nodes are available: persistentvolumeclaim \"data\" not found. no new claims to"
                + " deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful"
                + " for scheduling.");
  }

  @Test
  void aPodWaitsForItsClaimToBeBound() {
    claim("data", "eager", "ReadWriteOnce");
    cluster.pod("db", USES_DATA);
    cluster.settle();
    assertThat(cluster.reason("db"))
        .startsWith("0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.");

    volume("disk-1", "eager", "1Gi", "node-1");
    bind("data", "disk-1");
    cluster.settle();
    assertThat(cluster.nodeOf("db")).isEqualTo("node-1");
  }

  @Test
  void aVolumeOutOfReachKeepsThePodWaiting() {
    claim("data", "eager", "ReadWriteOnce");
    volume("disk-1", "eager", "1Gi", "elsewhere");
    bind("data", "disk-1");
    cluster.pod("db", USES_DATA);
    cluster.settle();

    assertThat(cluster.reason("db"))
        .startsWith(
            "0/3 nodes are available: 3 node(s) didn't match PersistentVolume's node affinity.");
  }

  @Test
  void aVolumeIsMadeForTheNodeThatWasFound() {
    claim("data", "late", "ReadWriteOnce");
    cluster.pod("db", USES_DATA + ",'nodeSelector':{'kubernetes.io/hostname':'node-2'}");
    cluster.settle();
    assertThat(Meta.of(claimed("data")).annotation(SELECTED)).isEqualTo("node-2");
    assertThat(cluster.nodeOf("db")).isEmpty();

    volume("made", "late", "1Gi", "node-2");
    bind("data", "made");
    cluster.settle();
    assertThat(cluster.nodeOf("db")).isEqualTo("node-2");
  }

  @Test
  void anotherNodeIsTriedWhenNoVolumeCanBeMade() {
    claim("data", "late", "ReadWriteOnce");
    cluster.pod("db", USES_DATA);
    cluster.settle();
    Struct claim = claimed("data");
    StructBuilder others = new StructBuilder();
    cluster.api.update(CLAIMS, claim.withAt(others.build(), "metadata", "annotations"));
    cluster.world.advance(Duration.ofMillis(500));
    assertThat(cluster.events("db"))
        .contains(
            "FailedScheduling: running PreBind plugin \"VolumeBinding\": binding volumes:"
                + " provisioning failed for PVC \"data\"");
    cluster.settle();

    assertThat(Meta.of(claimed("data")).annotation(SELECTED)).startsWith("node-");
  }

  @Test
  void theSmallestVolumeThatFitsIsTaken() {
    volume("small", "local", "500Mi", "node-0");
    volume("large", "local", "10Gi", "node-1");
    volume("right", "local", "1Gi", "node-1");
    claim("data", "local", "ReadWriteOnce");
    cluster.pod("db", USES_DATA);
    cluster.settle();

    Struct reference = cluster.api.get(VOLUMES, "", "right").struct("spec", "claimRef");
    assertThat(reference.string("name")).isEqualTo("data");
    assertThat(reference.string("uid")).isEqualTo(Meta.of(claimed("data")).uid());
    bind("data", "right");
    cluster.settle();
    assertThat(cluster.nodeOf("db")).isEqualTo("node-1");
  }

  @Test
  void aVolumeIsPromisedOnce() {
    volume("only", "local", "1Gi", "node-1");
    claim("data", "local", "ReadWriteOnce");
    claim("more", "local", "ReadWriteOnce");
    cluster.pod("db", USES_DATA);
    cluster.pod("other", USES_DATA.replace("'claimName':'data'", "'claimName':'more'"));
    cluster.settle();

    assertThat(cluster.reason("db") + cluster.reason("other"))
        .startsWith(
            "0/3 nodes are available: 3 node(s) didn't find available persistent volumes to"
                + " bind.");
  }

  @Test
  void aClaimForOnePodIsGivenToOnePod() {
    claim("data", "eager", "ReadWriteOncePod");
    volume("disk", "eager", "1Gi", "node-1");
    bind("data", "disk");
    cluster.pod("first", USES_DATA);
    cluster.settle();
    cluster.pod("second", USES_DATA);
    cluster.settle();
    assertThat(cluster.reason("second"))
        .startsWith(
            "0/3 nodes are available: 3 node has pod using PersistentVolumeClaim with the same"
                + " name and ReadWriteOncePod access mode.");
    cluster.delete("first");
    cluster.settle();

    assertThat(cluster.nodeOf("second")).isEqualTo("node-1");
  }
}

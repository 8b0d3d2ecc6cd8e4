package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.Meta;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import java.util.function.UnaryOperator;
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
    Struct created =
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
    cluster.api.update(VOLUMES, created.withAt("Available", "status", "phase"), "status");
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

  /// What a claim of the same name has left behind is not for its successor.
  @Test
  void aVolumeWithTheDataOfAClaimThatIsGoneIsNotTaken() {
    volume("old", "local", "1Gi", "node-1");
    volume("failed", "local", "1Gi", "node-1");
    change(
        "old",
        found ->
            found.withAt(
                json("{'namespace':'default','name':'data','uid':'another'}"), "spec", "claimRef"));
    cluster.api.update(
        VOLUMES,
        cluster.api.get(VOLUMES, "", "failed").withAt("Failed", "status", "phase"),
        "status");
    claim("data", "local", "ReadWriteOnce");
    cluster.pod("db", USES_DATA);
    cluster.settle();

    assertThat(cluster.reason("db"))
        .startsWith(
            "0/3 nodes are available: 3 node(s) didn't find available persistent volumes to bind.");
  }

  @Test
  void aVolumeThatIsKeptForAClaimComesBeforeASmallerOne() {
    volume("small", "local", "1Gi", "node-1");
    volume("kept", "local", "5Gi", "node-2");
    change(
        "kept",
        found -> found.withAt(json("{'namespace':'default','name':'data'}"), "spec", "claimRef"));
    claim("data", "local", "ReadWriteOnce");
    cluster.pod("db", USES_DATA + ",'nodeSelector':{'kubernetes.io/hostname':'node-2'}");
    cluster.settle();

    assertThat(cluster.api.get(VOLUMES, "", "kept").string("spec", "claimRef", "uid"))
        .isEqualTo(Meta.of(claimed("data")).uid());
  }

  /// Another part binds what names its volume; until then the Pod waits.
  @Test
  void aClaimThatNamesItsVolumeIsGivenNoOther() {
    volume("free", "local", "1Gi", "node-1");
    claim("data", "local", "ReadWriteOnce");
    cluster.api.update(CLAIMS, claimed("data").withAt("mine", "spec", "volumeName"));
    cluster.pod("db", USES_DATA);
    cluster.settle();

    assertThat(cluster.reason("db"))
        .startsWith("0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.");
  }

  @Test
  void aVolumeThatWasMadeOutOfReachIsNotUsed() {
    claim("data", "late", "ReadWriteOnce");
    cluster.pod("db", USES_DATA + ",'nodeSelector':{'kubernetes.io/hostname':'node-2'}");
    cluster.settle();
    volume("made", "late", "1Gi", "node-1");
    bind("data", "made");
    cluster.settle();

    assertThat(cluster.nodeOf("db")).isEmpty();
    assertThat(cluster.reason("db"))
        .contains("node(s) didn't match PersistentVolume's node affinity");
  }

  private void change(String volume, UnaryOperator<Struct> edit) {
    cluster.api.update(VOLUMES, edit.apply(cluster.api.get(VOLUMES, "", volume)));
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

  private void create(String plural, String kind, boolean namespaced, String object) {
    cluster.api.create(
        new ApiResource(GroupVersion.parse("storage.k8s.io/v1"), plural, kind, namespaced),
        json(object));
  }

  /// Adds a volume of a CSI driver for a claim, and the claim.
  private void attachable(String name) {
    claim(name, "eager", "ReadWriteOnce");
    cluster.api.create(
        VOLUMES,
        json(
            "{'metadata':{'name':'"
                + name
                + "'},'spec':{'storageClassName':'eager','capacity':{'storage':'1Gi'},"
                + "'accessModes':['ReadWriteOnce'],'csi':{'driver':'a.example','volumeHandle':'"
                + name
                + "'}}}"));
    bind(name, name);
  }

  private static String uses(String claim) {
    return USES_DATA.replace("'claimName':'data'", "'claimName':'" + claim + "'");
  }

  @Test
  void aNodeTakesAsManyVolumesAsTheDriverCanAttach() {
    for (int i = 0; i < 3; i++) {
      create(
          "csinodes",
          "CSINode",
          false,
          "{'metadata':{'name':'node-"
              + i
              + "'},'spec':{'drivers':[{'name':'a.example','nodeID':'x','allocatable':{'count':"
              + (i == 0 ? 2 : 0)
              + "}}]}}");
    }
    for (String name : new String[] {"one", "two", "three"}) {
      attachable(name);
      cluster.pod("pod-" + name, uses(name));
      cluster.settle();
    }
    assertThat(cluster.nodeOf("pod-one")).isEqualTo("node-0");
    assertThat(cluster.nodeOf("pod-two")).isEqualTo("node-0");
    assertThat(cluster.reason("pod-three"))
        .startsWith("0/3 nodes are available: 3 node(s) exceed max volume count.");

    // A volume that is there already takes no further place.
    cluster.pod("same", uses("two"));
    cluster.settle();
    assertThat(cluster.nodeOf("same")).isEqualTo("node-0");
    cluster.delete("pod-one");
    cluster.settle();
    assertThat(cluster.nodeOf("pod-three")).isEqualTo("node-0");
  }

  @Test
  void volumesAreMadeWhereThereIsStorage() {
    create(
        "csidrivers",
        "CSIDriver",
        false,
        "{'metadata':{'name':'a.example'},'spec':{'storageCapacity':true}}");
    storageClass("measured", "a.example", "WaitForFirstConsumer");
    claim("data", "measured", "ReadWriteOnce");
    cluster.pod("db", USES_DATA);
    cluster.settle();
    assertThat(cluster.reason("db"))
        .startsWith("0/3 nodes are available: 3 node(s) did not have enough free storage.");

    create(
        "csistoragecapacities",
        "CSIStorageCapacity",
        true,
        "{'metadata':{'name':'small','namespace':'default'},'storageClassName':'measured',"
            + "'capacity':'100Mi','nodeTopology':{'matchLabels':{'kubernetes.io/hostname':"
            + "'node-0'}}}");
    create(
        "csistoragecapacities",
        "CSIStorageCapacity",
        true,
        "{'metadata':{'name':'large','namespace':'default'},'storageClassName':'measured',"
            + "'capacity':'10Gi','nodeTopology':{'matchLabels':{'kubernetes.io/hostname':"
            + "'node-2'}}}");
    cluster.settle();
    assertThat(Meta.of(claimed("data")).annotation(SELECTED)).isEqualTo("node-2");
  }

  @Test
  void storageIsLookedForOnANodeThatIsSelectedTooAndNowhereElse() {
    create(
        "csidrivers",
        "CSIDriver",
        false,
        "{'metadata':{'name':'a.example'},'spec':{'storageCapacity':true}}");
    storageClass("measured", "a.example", "WaitForFirstConsumer");
    claim("data", "measured", "ReadWriteOnce");
    cluster.api.update(CLAIMS, Meta.withAnnotation(claimed("data"), SELECTED, "node-1"));
    cluster.pod("db", USES_DATA);
    cluster.settle();
    assertThat(cluster.reason("db"))
        .startsWith(
            "0/3 nodes are available: 1 node(s) did not have enough free storage, 2 node(s) didn't"
                + " find available persistent volumes to bind.");

    create(
        "csistoragecapacities",
        "CSIStorageCapacity",
        true,
        "{'metadata':{'name':'large','namespace':'default'},'storageClassName':'measured',"
            + "'capacity':'10Gi','nodeTopology':{'matchLabels':{'kubernetes.io/hostname':"
            + "'node-1'}}}");
    volume("made", "measured", "1Gi", "node-1");
    bind("data", "made");
    cluster.settle();
    assertThat(cluster.nodeOf("db")).isEqualTo("node-1");
  }

  @Test
  void aVolumeThatIsNeverMadeIsNotAwaitedForEver() {
    claim("data", "late", "ReadWriteOnce");
    cluster.pod("db", USES_DATA);
    cluster.settle();
    assertThat(Meta.of(claimed("data")).annotation(SELECTED)).startsWith("node-");
    cluster.world.advance(Duration.ofSeconds(601));

    assertThat(cluster.events("db"))
        .contains(
            "FailedScheduling: running PreBind plugin \"VolumeBinding\": binding volumes:"
                + " context deadline exceeded");
  }

  @Test
  void thePromiseOfAPodThatIsDeletedIsTakenBack() {
    volume("only", "local", "1Gi", "node-1");
    claim("data", "local", "ReadWriteOnce");
    claim("more", "local", "ReadWriteOnce");
    cluster.pod("db", USES_DATA);
    cluster.settle();
    cluster.pod("other", uses("more"));
    cluster.settle();
    assertThat(cluster.reason("other")).contains("didn't find available persistent volumes");

    cluster.delete("db");
    Struct freed = cluster.api.get(VOLUMES, "", "only").withoutAt("spec", "claimRef");
    cluster.api.update(VOLUMES, freed);
    cluster.settle();
    assertThat(cluster.api.get(VOLUMES, "", "only").string("spec", "claimRef", "name"))
        .isEqualTo("more");
  }

  @Test
  void zonesOfVolumesAreKept() {
    cluster.node("a", "'topology.kubernetes.io/zone':'a'");
    cluster.node("b", "'topology.kubernetes.io/zone':'b'");
    cluster.taint("node-0", "{'key':'x','effect':'NoSchedule'}");
    cluster.taint("node-1", "{'key':'x','effect':'NoSchedule'}");
    cluster.taint("node-2", "{'key':'x','effect':'NoSchedule'}");
    attachable("data");
    Struct volume = cluster.api.get(VOLUMES, "", "data");
    cluster.api.update(
        VOLUMES, volume.withAt("b__c", "metadata", "labels", "topology.kubernetes.io/zone"));
    cluster.settle();
    cluster.pod("db", USES_DATA);
    cluster.settle();

    assertThat(cluster.nodeOf("db")).isEqualTo("b");
  }

  @Test
  void aDiskThatOneMayWriteIsGivenToOnePodOfANode() {
    String disk =
        "'volumes':[{'name':'d','iscsi':{'targetPortal':'10.0.0.1','iqn':'iqn.2001-04.a:b','lun':0,"
            + "'readOnly':%s}}]";
    String onNode = ",'nodeSelector':{'kubernetes.io/hostname':'node-0'}";
    cluster.pod("first", disk.formatted("false") + onNode);
    cluster.settle();
    cluster.pod("second", disk.formatted("false") + onNode);
    cluster.settle();

    assertThat(cluster.reason("second"))
        .startsWith(
            "0/3 nodes are available: 1 node(s) had no available disk, 2 node(s) didn't match Pod's"
                + " node affinity/selector.");
    cluster.delete("first");
    cluster.settle();
    assertThat(cluster.nodeOf("second")).isEqualTo("node-0");
  }
}

package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.csi.Csi;
import dev.tiphys.csi.Csi.NodeServiceCapability.RPC;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.node.volumes.FakeMounts;
import dev.tiphys.node.volumes.csi.FakeDriver;
import dev.tiphys.node.volumes.usage.VolumeUsage;
import dev.tiphys.node.volumes.usage.VolumeUsages;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Volumes of storage drivers, as Pods on a node have them.
class DriverVolumesTest {
  private static final String POD =
      """
      terminationGracePeriodSeconds: 1
      containers:
      - name: c
        image: busybox:1
        command: [sleep, "100000"]
        volumeMounts: [{name: data, mountPath: /data}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: claim}}]
      """;

  @TempDir Path directory;
  private VirtualNode node;
  private FakeDriver driver;

  @BeforeEach
  void start() throws Exception {
    node = new VirtualNode(directory, 7);
    driver = new FakeDriver(node.mounts, directory.resolve("volumes"));
    node.plugins.start(registry(), driver);
    node.advance(1);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private Path registry() {
    return node.settings().directories().pluginsRegistry();
  }

  private void createDriver(String spec) {
    node.create(
        ApiResource.CSI_DRIVERS, "metadata: {name: %s}\nspec: %s".formatted(FakeDriver.NAME, spec));
  }

  private void createBound(String more) {
    node.create(
        ApiResource.PERSISTENT_VOLUMES,
        """
        metadata: {name: pv-1}
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce]
          claimRef: {namespace: default, name: claim, uid: UID}
          csi:
            driver: fake.csi.test
            volumeHandle: vol-1
            fsType: ext4
            volumeAttributes: {a: b}
        """
                .replace("UID", claim().string("metadata", "uid"))
            + more);
    Struct status =
        Struct.of(
            "phase",
            "Bound",
            "capacity",
            Struct.of("storage", "1Gi"),
            "accessModes",
            List.of("ReadWriteOnce"));
    Struct _ =
        node.api.update(
            ApiResource.PERSISTENT_VOLUME_CLAIMS, claim().with("status", status), "status");
  }

  private void createClaim(String mode) {
    node.create(
        ApiResource.PERSISTENT_VOLUME_CLAIMS,
        """
        metadata: {name: claim}
        spec:
          volumeName: pv-1
          volumeMode: %s
          storageClassName: ""
          accessModes: [ReadWriteOnce]
          resources: {requests: {storage: 1Gi}}
        """
            .formatted(mode));
  }

  private Struct claim() {
    return node.api.get(ApiResource.PERSISTENT_VOLUME_CLAIMS, "default", "claim");
  }

  private void createVolume() {
    createDriver("{attachRequired: false}");
    createClaim("Filesystem");
    createBound("");
  }

  private String uid(String pod) {
    return node.pod(pod).string("metadata", "uid");
  }

  private Path target(String uid) {
    return node.settings().directories().volume(uid, "kubernetes.io~csi", "pv-1").resolve("mount");
  }

  private void assertNothingLeft() throws Exception {
    assertThat(node.mounts.all()).isEmpty();
    Path ledger = node.settings().directories().ledger();
    if (Files.isDirectory(ledger)) {
      try (var files = Files.list(ledger)) {
        assertThat(files.toList()).isEmpty();
      }
    }
  }

  @Test
  void aDriverThatComesIsToldOfOnTheNodeAndItsCsiNode() {
    Struct csiNode = node.api.get(ApiResource.CSI_NODES, "", "node-1");
    Struct entry = csiNode.structs("spec", "drivers").getFirst();
    assertThat(entry.string("name")).isEqualTo(FakeDriver.NAME);
    assertThat(entry.string("nodeID")).isEqualTo("node-id-1");
    assertThat(entry.strings("topologyKeys")).containsExactly("topology.fake.csi.test/zone");
    assertThat(entry.integer("allocatable", "count")).isEqualTo(5);
    Struct meta = node.api.get(ApiResource.NODES, "", "node-1").struct("metadata");
    assertThat(csiNode.structs("metadata", "ownerReferences").getFirst().string("uid"))
        .isEqualTo(meta.string("uid"));
    assertThat(meta.string("labels", "topology.fake.csi.test/zone")).isEqualTo("a");
    assertThat(meta.string("annotations", "csi.volume.kubernetes.io/nodeid"))
        .isEqualTo("{\"fake.csi.test\":\"node-id-1\"}");
    assertThat(driver.told).singleElement().matches(status -> status.getPluginRegistered());
  }

  @Test
  void aPluginThatDoesNotAnswerHoldsUpNoOther() throws Exception {
    node.plugins.stop(registry());
    node.advance(1);
    driver.told.clear();
    node.plugins.startHanging(registry(), node.world);
    node.advance(1);
    node.plugins.start(registry(), driver);
    node.advance(1);
    assertThat(driver.told).singleElement().matches(status -> status.getPluginRegistered());
  }

  @Test
  void aDriverThatGoesIsTakenBackFromTheCsiNode() throws Exception {
    node.plugins.stop(registry());
    node.advance(1);
    Struct csiNode = node.api.get(ApiResource.CSI_NODES, "", "node-1");
    assertThat(csiNode.structs("spec", "drivers")).isEmpty();
  }

  @Test
  void aDriverThatSpeaksNoKnownVersionIsToldSo() throws Exception {
    node.plugins.stop(registry());
    node.advance(1);
    driver.versions = List.of("0.3.0");
    driver.told.clear();
    node.plugins.start(registry(), driver);
    node.advance(1);
    assertThat(driver.told.getFirst().getPluginRegistered()).isFalse();
    assertThat(driver.told.getFirst().getError()).contains("None of the versions specified");
  }

  @Test
  void aVolumeIsStagedAndPublishedBeforeThePodRunsAndTakenBackAfterIt() throws Exception {
    createVolume();
    node.createPod("web", POD);
    assertThat(driver.names()).containsExactly("NodeStageVolume", "NodePublishVolume");
    Csi.NodePublishVolumeRequest published = driver.last(Csi.NodePublishVolumeRequest.class);
    assertThat(published.getTargetPath()).isEqualTo(target(uid("web")).toString());
    assertThat(published.getVolumeContextMap()).isEqualTo(Map.of("a", "b"));
    assertThat(published.getVolumeCapability().getMount().getFsType()).isEqualTo("ext4");
    assertThat(published.getVolumeCapability().getAccessMode().getMode())
        .isEqualTo(Csi.VolumeCapability.AccessMode.Mode.SINGLE_NODE_WRITER);
    Csi.NodeStageVolumeRequest staged = driver.last(Csi.NodeStageVolumeRequest.class);
    Path global = Path.of(staged.getStagingTargetPath());
    assertThat(global.toString())
        .endsWith("plugins/kubernetes.io/csi/fake.csi.test/" + sha256("vol-1") + "/globalmount");
    assertThat(Json.struct(Files.readString(global.resolveSibling("vol_data.json"))))
        .isEqualTo(Struct.of("driverName", FakeDriver.NAME, "volumeHandle", "vol-1"));
    assertThat(
            Json.struct(Files.readString(target(uid("web")).resolveSibling("vol_data.json")))
                .string("specVolID"))
        .isEqualTo("pv-1");
    assertThat(node.pod("web").string("status", "phase")).isEqualTo("Running");

    node.deletePod("web", 1);
    node.advance(3);
    assertThat(driver.names().subList(2, 4))
        .containsExactly("NodeUnpublishVolume", "NodeUnstageVolume");
    assertNothingLeft();
  }

  @Test
  void aVolumeThatTheNodeDoesNotReachIsNotTried() throws Exception {
    createDriver("{attachRequired: false}");
    createClaim("Filesystem");
    createBound(
        """
          nodeAffinity:
            required:
              nodeSelectorTerms:
              - matchExpressions:
                - {key: kubernetes.io/hostname, operator: In, values: [elsewhere]}
        """);
    node.createPod("web", POD);
    assertThat(node.events("web"))
        .contains(
            "FailedMount MountVolume.NodeAffinity check failed for volume \"pv-1\" : no matching"
                + " NodeSelectorTerms");
    assertThat(driver.names()).isEmpty();
  }

  @Test
  void theDriverIsAskedHowFullAVolumeIsIfItCanSay() throws Exception {
    createVolume();
    node.createPod("web", POD);
    VolumeUsages usages = node.agent().volumeUsages();
    assertThat(usages.ofClaim(uid("web"), "pv-1")).isNotNull(); // What its file system says.
    assertThat(driver.count(Csi.NodeGetVolumeStatsRequest.class)).isZero();

    driver.abilities.add(RPC.Type.GET_VOLUME_STATS);
    driver.stats =
        Csi.NodeGetVolumeStatsResponse.newBuilder()
            .addUsage(
                Csi.VolumeUsage.newBuilder()
                    .setUnit(Csi.VolumeUsage.Unit.BYTES)
                    .setTotal(10)
                    .setUsed(4)
                    .setAvailable(6))
            .build();
    VolumeUsage usage = usages.ofClaim(uid("web"), "pv-1");
    assertThat(usage.bytes()).isEqualTo(new VolumeUsage.Amount(10, 4, 6));
    assertThat(usage.inodes()).isNull();
    assertThat(driver.last(Csi.NodeGetVolumeStatsRequest.class).getVolumePath())
        .isEqualTo(target(uid("web")).toString());

    driver.failOnce(Csi.NodeGetVolumeStatsRequest.class, GrpcStatus.NOT_FOUND);
    assertThat(usages.ofClaim(uid("web"), "pv-1")).isNotNull();
    assertThat(usages.ofClaim("another", "pv-1")).isNull();
  }

  @Test
  void twoPodsShareWhatIsStaged() throws Exception {
    createVolume();
    node.createPod("one", POD);
    node.createPod("two", POD);
    assertThat(driver.count(Csi.NodeStageVolumeRequest.class)).isEqualTo(1);
    node.deletePod("one", 1);
    node.advance(3);
    assertThat(driver.count(Csi.NodeUnstageVolumeRequest.class)).isZero();
    node.deletePod("two", 1);
    node.advance(3);
    assertThat(driver.count(Csi.NodeUnstageVolumeRequest.class)).isEqualTo(1);
    assertNothingLeft();
  }

  @Test
  void aVolumeWhoseUnstagingHalfWorkedIsStagedAgain() throws Exception {
    createVolume();
    node.createPod("one", POD);
    driver.failOnceAfterwards(Csi.NodeUnstageVolumeRequest.class, GrpcStatus.INTERNAL);
    node.deletePod("one", 1);
    node.advance(3);
    driver.asked.clear();
    node.createPod("two", POD);
    assertThat(driver.names()).containsExactly("NodeStageVolume", "NodePublishVolume");
    assertThat(node.pod("two").string("status", "phase")).isEqualTo("Running");
  }

  @Test
  void aVolumeThatCouldNotBeUnstagedIsTriedAgain() throws Exception {
    createVolume();
    node.createPod("one", POD);
    driver.failOnce(Csi.NodeUnstageVolumeRequest.class, GrpcStatus.INTERNAL);
    node.deletePod("one", 1);
    node.advance(3);
    assertThat(node.exists("one")).isFalse();
    node.advance(11);
    assertNothingLeft();
  }

  @Test
  void aPodThatCouldNotBeUnpublishedStaysUntilItIs() throws Exception {
    createVolume();
    node.createPod("one", POD);
    driver.failOnceAfterwards(Csi.NodeUnpublishVolumeRequest.class, GrpcStatus.INTERNAL);
    node.deletePod("one", 1);
    node.advance(4);
    assertThat(driver.count(Csi.NodeUnpublishVolumeRequest.class)).isEqualTo(2);
    assertThat(node.exists("one")).isFalse();
    assertNothingLeft();
  }

  @Test
  void whatALyingDriverLeavesMountedIsUnmounted() throws Exception {
    createVolume();
    node.createPod("one", POD);
    driver.lies = true;
    node.deletePod("one", 1);
    node.advance(3);
    assertNothingLeft();
  }

  @Test
  void aDriverThatVanishedIsWaitedFor() throws Exception {
    createVolume();
    node.createPod("one", POD);
    node.plugins.stop(registry());
    node.advance(1);
    node.deletePod("one", 1);
    node.advance(5);
    assertThat(node.exists("one")).isTrue();
    assertThat(node.mounts.all()).isNotEmpty();
    node.plugins.start(registry(), driver);
    node.advance(5);
    assertThat(node.exists("one")).isFalse();
    assertNothingLeft();
  }

  @Test
  void failuresAreToldInUpstreamsWords() throws Exception {
    createVolume();
    driver.failOnce(Csi.NodeStageVolumeRequest.class, GrpcStatus.INTERNAL);
    driver.failOnce(Csi.NodePublishVolumeRequest.class, GrpcStatus.INTERNAL);
    node.createPod("web", POD);
    node.advance(3);
    assertThat(node.events("web"))
        .contains(
            "FailedMount MountVolume.MountDevice failed for volume \"pv-1\" : rpc error: code ="
                + " Internal desc = as the test wants it",
            "FailedMount MountVolume.SetUp failed for volume \"pv-1\" : rpc error: code = Internal"
                + " desc = as the test wants it");
    assertThat(node.pod("web").string("status", "phase")).isEqualTo("Running");
  }

  @Test
  void aClaimThatIsNotBoundIsToldOf() {
    createDriver("{attachRequired: false}");
    createClaim("Filesystem");
    node.createPod("web", POD);
    assertThat(node.events("web"))
        .contains(
            "FailedMount Unable to attach or mount volumes: unmounted volumes=[data], unattached"
                + " volumes=[], failed to process volumes=[data]: error processing PVC"
                + " default/claim: PVC is not bound");
  }

  @Test
  void anUnknownDriverIsToldOf() throws Exception {
    createVolume();
    node.plugins.stop(registry());
    node.advance(1);
    node.createPod("web", POD);
    assertThat(node.events("web"))
        .contains(
            "FailedMount MountVolume.MountDevice failed for volume \"pv-1\" : kubernetes.io/csi:"
                + " attacher.MountDevice failed to create newCsiDriverClient: driver name"
                + " fake.csi.test not found in the list of registered CSI drivers");
  }

  @Test
  void anAttachmentIsWaitedForAndWhatItBringsIsPassedOn() {
    createDriver("{attachRequired: true}");
    createClaim("Filesystem");
    createBound("");
    node.createPod("web", POD);
    node.advance(10);
    assertThat(driver.names()).isEmpty();
    assertThat(node.events("web")).noneMatch(event -> event.startsWith("FailedMount"));
    node.advance(10);
    assertThat(node.api.get(ApiResource.NODES, "", "node-1").strings("status", "volumesInUse"))
        .containsExactly("kubernetes.io/csi/fake.csi.test^vol-1");

    String name = "csi-" + sha256("vol-1" + FakeDriver.NAME + "node-1");
    node.create(
        ApiResource.VOLUME_ATTACHMENTS,
        """
        metadata: {name: %s}
        spec: {attacher: fake.csi.test, nodeName: node-1, source: {persistentVolumeName: pv-1}}
        """
            .formatted(name));
    Struct attachment = node.api.get(ApiResource.VOLUME_ATTACHMENTS, "", name);
    Struct _ =
        node.api.update(
            ApiResource.VOLUME_ATTACHMENTS,
            attachment.with(
                "status",
                Struct.of("attached", true, "attachmentMetadata", Struct.of("device", "/dev/sdx"))),
            "status");
    node.advance(1);
    assertThat(driver.last(Csi.NodeStageVolumeRequest.class).getPublishContextMap())
        .isEqualTo(Map.of("device", "/dev/sdx"));
    assertThat(driver.last(Csi.NodePublishVolumeRequest.class).getPublishContextMap())
        .isEqualTo(Map.of("device", "/dev/sdx"));
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anInlineVolumeIsPublishedWithoutBeingStaged() throws Exception {
    createDriver("{attachRequired: true, podInfoOnMount: true, volumeLifecycleModes: [Ephemeral]}");
    node.createPod(
        "web",
        """
        terminationGracePeriodSeconds: 1
        containers:
        - name: c
          image: busybox:1
          command: [sleep, "100000"]
          volumeMounts: [{name: data, mountPath: /data}]
        volumes: [{name: data, csi: {driver: fake.csi.test, volumeAttributes: {size: small}}}]
        """);
    assertThat(driver.names()).containsExactly("NodePublishVolume");
    assertThat(driver.last(Csi.NodePublishVolumeRequest.class).getVolumeContextMap())
        .containsEntry("size", "small")
        .containsEntry("csi.storage.k8s.io/ephemeral", "true")
        .containsEntry("csi.storage.k8s.io/pod.name", "web");
    node.deletePod("web", 1);
    node.advance(3);
    assertNothingLeft();
  }

  @Test
  void aBlockVolumeIsADeviceInTheContainer() throws Exception {
    createDriver("{attachRequired: false}");
    createClaim("Block");
    createBound("  volumeMode: Block\n");
    node.createPod(
        "web",
        """
        terminationGracePeriodSeconds: 1
        containers:
        - name: c
          image: busybox:1
          command: [sleep, "100000"]
          volumeDevices: [{name: data, devicePath: /dev/xvda}]
        volumes: [{name: data, persistentVolumeClaim: {claimName: claim}}]
        """);
    Csi.NodePublishVolumeRequest published = driver.last(Csi.NodePublishVolumeRequest.class);
    assertThat(published.getVolumeCapability().hasBlock()).isTrue();
    String uid = uid("web");
    assertThat(published.getTargetPath())
        .endsWith("plugins/kubernetes.io/csi/volumeDevices/publish/pv-1/" + uid);
    assertThat(node.runtime.spec(node.id("web", "c")).devices())
        .singleElement()
        .satisfies(
            device -> {
              assertThat(device.containerPath()).isEqualTo("/dev/xvda");
              assertThat(device.hostPath())
                  .isEqualTo(Path.of(published.getTargetPath()).toRealPath().toString());
              assertThat(device.permissions()).isEqualTo("rwm");
            });
    Path link = node.settings().directories().device(uid, "kubernetes.io~csi", "pv-1");
    assertThat(Files.readSymbolicLink(link).toString()).isEqualTo(published.getTargetPath());
    node.deletePod("web", 1);
    node.advance(3);
    assertNothingLeft();
  }

  @Test
  void aVolumeThatHasGrownIsExpandedWhileThePodRuns() {
    createVolume();
    node.createPod("web", POD);
    Struct pv = node.api.get(ApiResource.PERSISTENT_VOLUMES, "", "pv-1");
    Struct _ =
        node.api.update(
            ApiResource.PERSISTENT_VOLUMES, pv.withAt("2Gi", "spec", "capacity", "storage"));
    Struct pending =
        Struct.of("type", "FileSystemResizePending", "status", "True")
            .with("lastTransitionTime", "2026-01-01T00:00:00Z");
    Struct _ =
        node.api.update(
            ApiResource.PERSISTENT_VOLUME_CLAIMS,
            claim().withAt(List.of(pending), "status", "conditions"),
            "status");
    node.advance(65);
    assertThat(driver.last(Csi.NodeExpandVolumeRequest.class).getCapacityRange().getRequiredBytes())
        .isEqualTo(2L << 30);
    assertThat(claim().string("status", "capacity", "storage")).isEqualTo("2Gi");
    assertThat(claim().structs("status", "conditions")).isEmpty();
    assertThat(node.events("claim"))
        .contains(
            "FileSystemResizeSuccessful MountVolume.NodeExpandVolume succeeded for volume \"pv-1\""
                + " node-1");
  }

  @Test
  void aMachineThatStartedAnewHasItsVolumesMountedAgain() throws Exception {
    createVolume();
    node.createPod("web", POD);
    node.stopAgent();
    List<FakeMounts.Mounted> before = node.mounts.all();
    node.mounts.clear();
    driver.asked.clear();
    node.startAgentAgain();
    node.advance(5);
    assertThat(driver.names()).containsExactly("NodeStageVolume", "NodePublishVolume");
    assertThat(node.mounts.all()).containsExactlyElementsOf(before);
  }

  @Test
  void anAgentThatStartedAnewLeavesMountsAlone() throws Exception {
    createVolume();
    node.createPod("web", POD);
    driver.asked.clear();
    node.restartAgent();
    node.advance(70);
    assertThat(driver.names()).isEmpty();
    node.deletePod("web", 1);
    node.advance(3);
    assertNothingLeft();
  }

  @Test
  void whatAPodHadThatWentWhileNoAgentRanIsTakenBack() throws Exception {
    createVolume();
    node.createPod("web", POD);
    node.stopAgent();
    node.deletePod("web", 0);
    node.startAgentAgain();
    node.advance(15);
    assertNothingLeft();
  }

  @Test
  void onlyOnePodHasAVolumeThatIsForOne() {
    createDriver("{attachRequired: false}");
    createClaim("Filesystem");
    createBound("");
    Struct pv = node.api.get(ApiResource.PERSISTENT_VOLUMES, "", "pv-1");
    Struct _ =
        node.api.update(
            ApiResource.PERSISTENT_VOLUMES,
            pv.withAt(List.of("ReadWriteOncePod"), "spec", "accessModes"));
    node.createPod("one", POD);
    node.createPod("two", POD);
    assertThat(node.pod("two").string("status", "phase")).isEqualTo("Pending");
    assertThat(node.events("two"))
        .contains(
            "FailedMount MountVolume.SetUp failed for volume \"pv-1\" : volume uses the"
                + " ReadWriteOncePod access mode and is already in use by another pod");
    node.deletePod("one", 1);
    node.advance(10);
    assertThat(node.pod("two").string("status", "phase")).isEqualTo("Running");
  }

  @Test
  void secretsAreGivenToTheDriver() {
    createDriver("{attachRequired: false}");
    createClaim("Filesystem");
    createBound(
        "    nodeStageSecretRef: {namespace: default, name: stage}\n"
            + "    nodePublishSecretRef: {namespace: default, name: publish}\n");
    node.createPod("web", POD);
    assertThat(node.events("web"))
        .anyMatch(
            event ->
                event.startsWith(
                    "FailedMount MountVolume.MountDevice failed for volume \"pv-1\" : fetching"
                        + " NodeStageSecretRef default/stage failed: kubernetes.io/csi: failed to"
                        + " find the secret stage in the namespace default with error: "));
    node.create(ApiResource.SECRETS, "{metadata: {name: stage}, stringData: {key: one}}");
    node.create(ApiResource.SECRETS, "{metadata: {name: publish}, stringData: {key: two}}");
    node.advance(5);
    assertThat(driver.last(Csi.NodeStageVolumeRequest.class).getSecretsMap())
        .isEqualTo(Map.of("key", "one"));
    assertThat(driver.last(Csi.NodePublishVolumeRequest.class).getSecretsMap())
        .isEqualTo(Map.of("key", "two"));
  }

  @Test
  void anNfsVolumeIsMountedForThePodAndGoesWithIt() throws Exception {
    node.createPod(
        "web",
        """
        terminationGracePeriodSeconds: 1
        containers:
        - name: c
          image: busybox:1
          command: [sleep, "100000"]
          volumeMounts: [{name: share, mountPath: /share}]
        volumes: [{name: share, nfs: {server: store.test, path: /export}}]
        """);
    Path place = node.settings().directories().volume(uid("web"), "kubernetes.io~nfs", "share");
    assertThat(node.mounts.all())
        .containsExactly(new FakeMounts.Mounted("store.test:/export", place));
    node.deletePod("web", 1);
    node.advance(3);
    assertNothingLeft();
  }
}

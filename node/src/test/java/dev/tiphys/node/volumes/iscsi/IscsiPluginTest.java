package dev.tiphys.node.volumes.iscsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.spec.DownwardFields;
import dev.tiphys.node.volumes.FakeMounts;
import dev.tiphys.node.volumes.FakeMounts.Mounted;
import dev.tiphys.node.volumes.VolumeFailure;
import dev.tiphys.node.volumes.VolumeRequest;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Disks of a target: logged in to once, bound to each Pod, let go of when nothing uses them.
class IscsiPluginTest {
  private static final String IQN = "iqn.2003-01.test:disks";
  private static final String SOURCE = "targetPortal: 192.0.2.1, iqn: '%s', lun: 1".formatted(IQN);

  private final VirtualWorld world = new VirtualWorld(5);
  private final FakeMounts mounts = new FakeMounts();
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world),
          world,
          ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  private final Api api = server.api("tester");

  @TempDir private Path directory;
  private PodDirectories directories;
  private FakeTarget target;
  private Path disk;
  private IscsiPlugin plugin;

  @BeforeEach
  void start() throws Exception {
    server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
    directories = new PodDirectories(directory.resolve("data"));
    target = new FakeTarget(directory.resolve("target"));
    disk = Files.createFile(directory.resolve("disk"));
    target.add(1, disk);
    plugin = agent();
  }

  @AfterEach
  void close() {
    server.close();
  }

  /// A new agent, on what the last one has left.
  private IscsiPlugin agent() throws Exception {
    IscsiPlugin agent = new IscsiPlugin(world, api, directories, mounts, target.initiator(world));
    agent.start();
    return agent;
  }

  private static VolumeRequest request(String uid, String name, String source, String more) {
    Pod pod =
        new Pod(Yaml.struct("{metadata: {name: p, namespace: default, uid: %s}}".formatted(uid)));
    Struct volume =
        Yaml.struct("{metadata: {name: %s}, spec: {iscsi: {%s}%s}}".formatted(name, source, more));
    return new VolumeRequest(
        new DownwardFields(pod, List.of(), List.of("192.0.2.1"), Map.of()),
        Yaml.struct("{name: data}"),
        new VolumeRequest.Claimed(Struct.EMPTY, volume));
  }

  private static VolumeRequest request(String uid) {
    return request(uid, "pv", SOURCE, "");
  }

  private Path place(String uid) {
    return directories.volume(uid, "kubernetes.io~iscsi", "pv");
  }

  private Path staging() {
    return directories
        .plugin("kubernetes.io/iscsi")
        .resolve("iface-default/192.0.2.1:3260-" + IQN + "-lun-1");
  }

  private void assertNothingLeft() throws Exception {
    assertThat(mounts.all()).isEmpty();
    assertThat(target.sessions()).isEmpty();
    assertThat(staging()).doesNotExist();
    assertThat(directories.iscsiLedger()).isEmptyDirectory();
    assertThat(plugin.users()).isEmpty();
  }

  @Test
  void severalPodsShareASessionAndAMount() throws Exception {
    assertThat(plugin.prepare(request("a"))).isEqualTo(place("a"));
    assertThat(plugin.prepare(request("b"))).isEqualTo(place("b"));
    plugin.prepare(request("a"));

    assertThat(mounts.all())
        .containsExactly(
            new Mounted(disk.toRealPath().toString(), staging()),
            new Mounted(staging().toString(), place("a")),
            new Mounted(staging().toString(), place("b")));
    assertThat(target.count("--login")).isEqualTo(1);
    assertThat(plugin.users()).containsExactly("a", "b");

    plugin.release("a");
    assertThat(mounts.isMounted(place("b"))).isTrue();
    assertThat(target.count("--logout")).isZero();
    plugin.release("b");
    assertNothingLeft();
  }

  @Test
  void aSessionStaysAsLongAsADiskOfItIsUsed() throws Exception {
    target.add(2, Files.createFile(directory.resolve("second")));
    plugin.prepare(request("a"));
    plugin.prepare(request("a", "other", SOURCE.replace("lun: 1", "lun: 2"), ""));
    assertThat(target.count("--login")).isEqualTo(1);

    plugin.prepare(request("b"));
    plugin.release("a");
    assertThat(target.count("--logout")).isZero();
    plugin.release("b");
    assertNothingLeft();
  }

  @Test
  void theNextAgentFindsWhatTheLastOneHasDone() throws Exception {
    plugin.prepare(request("a"));
    int asked = target.asked().size();
    plugin = agent();
    plugin.prepare(request("a"));
    assertThat(target.asked()).hasSize(asked);

    plugin = agent();
    plugin.release("a");
    assertNothingLeft();
  }

  @Test
  void afterTheMachineHasStartedAnewAllIsDoneAgain() throws Exception {
    plugin.prepare(request("a"));
    mounts.clear();
    target.forget();
    plugin = agent();
    plugin.prepare(request("a"));

    assertThat(mounts.isMounted(place("a"))).isTrue();
    assertThat(target.sessions()).hasSize(1);
    plugin.release("a");
    assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-m iface", "--discover", "--login"})
  void whatFailsOnTheWayIsTriedAgain(String step) throws Exception {
    target.fail(step);
    VolumeFailure failure =
        catchThrowableOfType(VolumeFailure.class, () -> plugin.prepare(request("a")));
    assertThat(failure.reason()).isEqualTo("FailedMount");
    assertThat(failure.message())
        .startsWith("MountVolume.WaitForAttach failed for volume \"pv\" : ")
        .contains("as the test wants it");

    target.fail("");
    plugin = agent();
    plugin.prepare(request("a"));
    plugin.release("a");
    assertNothingLeft();
  }

  @Test
  void aSessionThatDoesNotEndHoldsUpNoPod() throws Exception {
    plugin.prepare(request("a"));
    target.fail("--logout");
    plugin.release("a");
    assertThat(target.sessions()).hasSize(1);

    target.fail("");
    plugin = agent();
    plugin.tidy();
    assertNothingLeft();
  }

  @Test
  void aDiskIsReachedThroughAnyPortal() throws Exception {
    String both = SOURCE + ", portals: ['192.0.2.2:860', '192.0.2.1']";
    target.fail("-p 192.0.2.1:3260 -I default --discover");
    plugin.prepare(request("a", "pv", both, ""));

    assertThat(target.sessions())
        .containsExactly("tcp: [1] 192.0.2.2:860,1 " + IQN + " (non-flash)");
    assertThat(mounts.isMounted(staging())).isTrue();
    plugin.release("a");
    assertNothingLeft();
  }

  @Test
  void anInitiatorsNameIsThatOfAnInterfaceOfTheDisk() throws Exception {
    plugin.prepare(request("a", "pv", SOURCE + ", initiatorName: 'iqn.2004-01.test:me'", ""));
    plugin.release("a");

    String own = "-m iface -I 192.0.2.1:3260:pv -o ";
    assertThat(target.asked())
        .containsSubsequence(
            own + "new",
            own + "update -n iface.initiatorname -v iqn.2004-01.test:me",
            own + "update -n iface.transport_name -v tcp",
            "-m node -p 192.0.2.1:3260 -T " + IQN + " -I 192.0.2.1:3260:pv --login",
            "-m node -p 192.0.2.1:3260 -T " + IQN + " -I 192.0.2.1:3260:pv --logout",
            own + "delete");
    assertNothingLeft();
  }

  private static String chap() {
    return SOURCE + ", chapAuthDiscovery: true, chapAuthSession: true, secretRef: {name: chap}";
  }

  @Test
  void passwordsAreSetAndNeverTold() throws Exception {
    assertThatThrownBy(() -> plugin.prepare(request("a", "pv", chap(), "")))
        .isInstanceOf(VolumeFailure.class)
        .hasMessageContaining("couldn't get secret default/chap error: ");
    api.create(
        ApiResource.SECRETS,
        Yaml.struct(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: chap, namespace: default}
            type: kubernetes.io/iscsi-chap
            stringData:
              discovery.sendtargets.auth.username: finder
              discovery.sendtargets.auth.password: hidden-1
              node.session.auth.username: user
              node.session.auth.password: hidden-2
              node.session.auth.password_in: hidden-3
            """));
    target.fail("node.session.auth.password ");
    VolumeFailure failure =
        catchThrowableOfType(
            VolumeFailure.class, () -> plugin.prepare(request("a", "pv", chap(), "")));
    assertThat(failure.message())
        .contains("failed to update node.session.auth.password: exit status 8")
        .doesNotContain("hidden");

    target.fail("");
    plugin.prepare(request("a", "pv", chap(), ""));
    String discovery = "-m discoverydb -t sendtargets -p 192.0.2.1:3260 -I default ";
    String node = "-m node -p 192.0.2.1:3260 -T " + IQN + " -I default ";
    assertThat(target.asked())
        .containsSubsequence(
            discovery + "-o update -n discovery.sendtargets.auth.authmethod -v CHAP",
            discovery + "-o update -n discovery.sendtargets.auth.username -v finder",
            discovery + "-o update -n discovery.sendtargets.auth.password -v hidden-1",
            discovery + "--discover",
            node + "-o update -n node.session.auth.authmethod -v CHAP",
            node + "-o update -n node.session.auth.username -v user",
            node + "-o update -n node.session.auth.password -v hidden-2",
            node + "-o update -n node.session.auth.password_in -v hidden-3",
            node + "--login",
            node + "-o update -n node.startup -v manual");
    try (var files = Files.list(directories.iscsiLedger())) {
      assertThat(files)
          .hasSize(1)
          .allSatisfy(file -> assertThat(file).content().doesNotContain("hidden"));
    }
  }

  @Test
  void aDeviceIsALinkToTheDisk() throws Exception {
    VolumeRequest block = request("a", "pv", SOURCE, ", volumeMode: Block");
    Path link = plugin.prepare(block);

    assertThat(link).isEqualTo(directories.device("a", "kubernetes.io~iscsi", "pv"));
    assertThat(link.toRealPath()).isEqualTo(disk.toRealPath());
    plugin = agent();
    assertThat(plugin.prepare(block).toRealPath()).isEqualTo(disk.toRealPath());
    plugin.release("a");
    assertThat(link).doesNotExist();
    assertNothingLeft();
  }

  @Test
  void oneThatIsForOnePodIsForNoOther() throws Exception {
    String alone = ", accessModes: [ReadWriteOncePod]";
    plugin.prepare(request("a", "pv", SOURCE, alone));
    assertThatThrownBy(() -> plugin.prepare(request("b", "pv", SOURCE, alone)))
        .hasMessageContaining("ReadWriteOncePod access mode and is already in use");
    plugin.release("b");
    plugin.release("a");
    assertNothingLeft();
  }

  @Test
  void aNodeWithoutTheProgramSaysSo() throws Exception {
    plugin =
        new IscsiPlugin(
            world,
            api,
            directories,
            mounts,
            new Initiator(world, () -> null, directory, directory));
    assertThatThrownBy(() -> plugin.prepare(request("a")))
        .isInstanceOf(VolumeFailure.class)
        .hasMessage(
            "MountVolume.WaitForAttach failed for volume \"pv\" : iscsiadm is not installed on this"
                + " node (package open-iscsi)");
  }
}

package dev.tiphys.node.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.http.Response;
import dev.tiphys.metrics.HealthChecks;
import dev.tiphys.node.runtime.FakeRuntime;
import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.node.settings.PodDirectories;
import dev.tiphys.node.testing.Specs;
import dev.tiphys.node.volumes.usage.VolumeMetrics;
import dev.tiphys.node.volumes.usage.VolumeStats;
import dev.tiphys.node.volumes.usage.VolumeUsage;
import dev.tiphys.node.volumes.usage.VolumeUsages;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an agent tells of its node.
class NodePagesTest {

  private static final List<String> DISK =
      List.of(
          "time",
          "availableBytes",
          "capacityBytes",
          "usedBytes",
          "inodesFree",
          "inodes",
          "inodesUsed");

  private final VirtualWorld world = new VirtualWorld(1);
  private final FakeRuntime runtime = new FakeRuntime(world);
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world),
          world,
          ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
  private final Api api = server.api("tester");
  private final HealthChecks checks = new HealthChecks();
  private NodePages pages;

  @TempDir private Path data;

  @BeforeEach
  void run() throws Exception {
    server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
    NodeSettings settings =
        NodeSettings.of("node-1", List.of("192.0.2.1"), data)
            .withClusterDns(List.of("10.96.0.10"), "cluster.local");
    pages = new NodePages(world, api, runtime, settings, checks);
    pages.volumes(usages(), new VolumeMetrics(world)::write);
    runtime.images().add(Specs.IMAGE);
    start("web", "node-1");
    start("other", "node-2");
  }

  private void start(String name, String node) throws Exception {
    SandboxSpec plain = Specs.sandbox(name, "/kubepods", data.toString());
    SandboxSpec sandbox =
        new SandboxSpec(
            plain.name(),
            plain.hostname(),
            plain.logDirectory(),
            null,
            List.of(),
            with(plain.labels(), node),
            plain.annotations(),
            plain.cgroupParent(),
            Map.of(),
            plain.security(),
            "");
    ContainerSpec bare = Specs.container(plain, "main", "sleep", "3600");
    ContainerSpec container =
        new ContainerSpec(
            bare.name(),
            bare.image(),
            bare.userImage(),
            bare.process(),
            bare.mounts(),
            bare.devices(),
            with(bare.labels(), node),
            bare.annotations(),
            bare.logPath(),
            bare.resources(),
            bare.security());
    String id = runtime.runSandbox(sandbox);
    runtime.startContainer(runtime.createContainer(id, container, sandbox));
  }

  private static Map<String, String> with(Map<String, String> labels, String node) {
    Map<String, String> all = new HashMap<>(labels);
    all.put(PodLabels.NODE, node);
    return all;
  }

  @AfterEach
  void close() {
    server.close();
  }

  private String text(String path) throws Exception {
    Response page = pages.find(path, 10250);
    assertThat(page).as(path).isNotNull();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    page.body().drainTo(out);
    return out.toString(UTF_8);
  }

  private Struct page(String path) throws Exception {
    return Json.struct(text(path).getBytes(UTF_8));
  }

  @Test
  void whatRunsIsWhatTheRuntimeSaysOfThisNode() throws Exception {
    Struct list = page("runningpods");

    assertThat(list.string("kind")).isEqualTo("PodList");
    assertThat(list.structs("items"))
        .extracting(pod -> pod.string("metadata", "name"))
        .containsExactly("web");
    assertThat(list.structs("items").getFirst().structs("spec", "containers"))
        .extracting(container -> container.string("name"))
        .containsExactly("main");
  }

  @Test
  void podsAreThoseThatAreBoundHere() throws Exception {
    for (String node : List.of("node-1", "node-2")) {
      api.create(
          ApiResource.PODS,
          Yaml.struct(
              """
              {apiVersion: v1, kind: Pod, metadata: {name: on-%s, namespace: default},
               spec: {nodeName: %s, containers: [{name: c, image: busybox}]}}
              """
                  .formatted(node, node)));
    }
    assertThat(page("pods").structs("items"))
        .extracting(pod -> pod.string("metadata", "name"))
        .containsExactly("on-node-1");
  }

  @Test
  void theSummaryTellsWhatTheNodeAndItsPodsUse() throws Exception {
    Path logs = new PodDirectories(data).logs("default", "web", "uid-web").resolve("main");
    Files.write(Files.createDirectories(logs).resolve("0.log"), new byte[1000]);
    Struct summary = page("stats/summary");

    Struct node = summary.struct("node");
    assertThat(node.string("nodeName")).isEqualTo("node-1");
    assertThat(node.integer("cpu", "usageCoreNanoSeconds")).isPositive();
    long workingSet = node.integer("memory", "workingSetBytes");
    assertThat(workingSet).isPositive();
    assertThat(node.integer("memory", "usageBytes")).isGreaterThanOrEqualTo(workingSet);
    assertThat(node.integer("fs", "capacityBytes"))
        .isGreaterThanOrEqualTo(node.integer("fs", "availableBytes"));
    for (Struct disk :
        List.of(
            node.struct("fs"),
            node.struct("runtime", "imageFs"),
            node.struct("runtime", "containerFs"))) {
      assertThat(disk.names()).containsExactlyInAnyOrderElementsOf(DISK);
    }
    assertThat(summary.structs("pods")).hasSize(1);
    Struct pod = summary.structs("pods").getFirst();
    assertThat(pod.struct("ephemeral-storage").names()).containsExactlyInAnyOrderElementsOf(DISK);
    assertThat(pod.integer("ephemeral-storage", "usedBytes")).isEqualTo(1000);
    assertThat(pod.structs("containers").getFirst().integer("logs", "usedBytes")).isEqualTo(1000);
    assertThat(pod.structs("containers").getFirst().struct("logs").names())
        .containsExactlyInAnyOrderElementsOf(DISK);
    assertThat(pod.struct("podRef"))
        .isEqualTo(Struct.of("name", "web", "namespace", "default", "uid", "uid-web"));
    assertThat(pod.integer("cpu", "usageCoreNanoSeconds")).isEqualTo(1_000_000);
    assertThat(pod.structs("containers").getFirst().integer("memory", "workingSetBytes"))
        .isEqualTo(1 << 20);
  }

  @Test
  void resourcesAreMetricsToo() throws Exception {
    assertThat(text("metrics/resource"))
        .contains(
            "# TYPE container_cpu_usage_seconds_total counter\n"
                + "container_cpu_usage_seconds_total{container=\"main\",namespace=\"default\","
                + "pod=\"web\"} 0.001 "
                + world.now().toEpochMilli()
                + "\n",
            "pod_memory_working_set_bytes{namespace=\"default\",pod=\"web\"} 1048576 ",
            "node_cpu_usage_seconds_total ",
            "resource_scrape_error 0\n")
        .doesNotContain("other");
  }

  @Test
  void theAgentHasMetricsOfItsOwn() throws Exception {
    assertThat(text("metrics"))
        .contains(
            "kubelet_node_name{node=\"node-1\"} 1\n",
            "kubelet_running_pods 1\n",
            "kubelet_running_containers{container_state=\"running\"} 1\n",
            "kubernetes_feature_enabled{name=\"CSIVolumeHealth\",stage=\"ALPHA\"} 0\n",
            "reconstruct_volume_operations_total 0\n",
            "process_resident_memory_bytes ");
  }

  @Test
  void howChecksOfItsHealthEndedIsTold() throws Exception {
    checks.ended("syncloop", "healthz", true);
    assertThat(text("metrics/slis"))
        .contains("kubernetes_healthcheck{name=\"syncloop\",type=\"healthz\"} 1\n");
  }

  @Test
  void theConditionOfClaimsIsAMetric() {
    VolumeUsage.Amount none = new VolumeUsage.Amount(0, 0, 0);
    VolumeUsage ill = new VolumeUsage(none, null, new VolumeUsage.Health(true, "lost"));
    VolumeUsage well = new VolumeUsage(none, null, new VolumeUsage.Health(false, ""));
    VolumeUsage silent = new VolumeUsage(none, null, null);
    String name = "kubelet_volume_stats_health_status_abnormal";
    List<VolumeStats> volumes =
        List.of(
            new VolumeStats("uid", "default", "a", "ill", ill),
            new VolumeStats("uid", "default", "b", "well", well),
            new VolumeStats("uid", "default", "c", "silent", silent));

    assertThat(AgentMetrics.ofAgent("node-1", "v1", List.of(), List.of(), volumes).lines())
        .filteredOn(line -> line.startsWith(name))
        .containsExactly(
            name + "{namespace=\"default\",persistentvolumeclaim=\"ill\"} 1",
            name + "{namespace=\"default\",persistentvolumeclaim=\"well\"} 0");
    assertThat(
            AgentMetrics.ofAgent("node-1", "v1", List.of(), List.of(), List.of(volumes.getLast())))
        .doesNotContain(name);
  }

  @Test
  void theVolumesOfClaimsAreToldOf() throws Exception {
    Struct pod =
        api.create(
            ApiResource.PODS,
            Yaml.struct(
                """
                {apiVersion: v1, kind: Pod, metadata: {name: db, namespace: default},
                 spec: {nodeName: node-1, containers: [{name: c, image: busybox}],
                  volumes: [{name: data, persistentVolumeClaim: {claimName: claim}}]}}
                """));
    api.create(
        ApiResource.PERSISTENT_VOLUME_CLAIMS,
        Yaml.struct(
            """
            {apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: claim, namespace: default},
             spec: {volumeName: pv-1, accessModes: [ReadWriteOnce],
              resources: {requests: {storage: 1Gi}}}}
            """));
    PodDirectories directories = new PodDirectories(data);
    String uid = pod.string("metadata", "uid");
    Files.createDirectories(directories.volume(uid, "kubernetes.io~csi", "pv-1").resolve("mount"));

    assertThat(text("metrics"))
        .contains(
            "kubelet_volume_stats_capacity_bytes{namespace=\"default\","
                + "persistentvolumeclaim=\"claim\"} "
                + Files.getFileStore(data).getTotalSpace()
                + "\n",
            "kubelet_volume_stats_inodes_free{");
    Struct told = VolumeStats.look(api, List.of(pod), usages()).getFirst().toStruct(world.now());
    assertThat(told.string("name")).isEqualTo("data");
    assertThat(told.struct("pvcRef")).isEqualTo(Struct.of("name", "claim", "namespace", "default"));
    assertThat(told.integer("usedBytes"))
        .isLessThanOrEqualTo(told.integer("capacityBytes"))
        .isPositive();
  }

  private VolumeUsages usages() {
    return new VolumeUsages(world, new PodDirectories(data), this::ofDriver);
  }

  private VolumeUsage ofDriver(String uid, String volume) {
    return volume.equals("pv-block")
        ? new VolumeUsage(new VolumeUsage.Amount(1 << 20, 5, (1 << 20) - 5), null, null)
        : null;
  }

  @Test
  void aDriverThatKnowsHowFullItsVolumeIsIsBelieved() throws Exception {
    VolumeUsage usage = usages().ofClaim("uid", "pv-block");
    Struct told = new VolumeStats("uid", "default", "data", "claim", usage).toStruct(world.now());
    assertThat(told.integer("capacityBytes")).isEqualTo(1 << 20);
    assertThat(told.has("inodes")).isFalse();
  }

  @Test
  void whatIsInAnEmptyDirectoryIsCounted() throws Exception {
    PodDirectories directories = new PodDirectories(data);
    Path volume =
        Files.createDirectories(directories.volume("uid", "kubernetes.io~empty-dir", "scratch"));
    Files.write(volume.resolve("file"), new byte[100_000]);
    VolumeUsage usage =
        usages().ofPod("uid", Struct.of("name", "scratch", "emptyDir", Struct.EMPTY));
    assertThat(usage.bytes().used()).isBetween(100_000L, 150_000L);
    assertThat(usage.bytes().total()).isEqualTo(Files.getFileStore(data).getTotalSpace());
    assertThat(usage.inodes().used()).isEqualTo(2);
    Struct told = new VolumeStats("uid", "default", "scratch", "", usage).toStruct(world.now());
    assertThat(told.has("pvcRef")).isFalse();
  }

  @Test
  void settingsCanBeLookedAt() throws Exception {
    Struct configuration = page("configz").struct("kubeletconfig");

    assertThat(configuration.integer("port")).isEqualTo(10250);
    assertThat(configuration.integer("maxPods")).isEqualTo(110);
    assertThat(configuration.strings("clusterDNS")).containsExactly("10.96.0.10");
    assertThat(pages.find("nothing", 10250)).isNull();
  }
}

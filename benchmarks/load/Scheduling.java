import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.cli.machine.HeapKeeper;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.scheduler.Scheduler;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// Measures how many Pods a second are scheduled: Scheduling.java WORKLOAD [SHARE]. The workloads are those of upstream's
/// scheduler_perf, with its Pods, its nodes and its numbers; SHARE is the percentage of them that is used. API
/// server, store (in memory) and scheduler are in this process, as they are in `tiphys up`; nodes do nothing.
///
/// Pods are counted from the first creation until the last one has a node. Everything is done twice, each time with a
/// cluster of its own: in a process that has just begun, and once its code is compiled.
public final class Scheduling {
  private static final Map<String, Workload> WORKLOADS =
      Map.of(
          "basic", new Workload(5000, 1000, 10_000, "", "", ""),
          "spread",
              new Workload(
                  5000,
                  5000,
                  5000,
                  "moon",
                  """
                  labels: {color: blue}
                  """,
                  """
                  topologySpreadConstraints:
                  - maxSkew: 5
                    topologyKey: topology.kubernetes.io/zone
                    whenUnsatisfiable: DoNotSchedule
                    labelSelector: {matchLabels: {color: blue}}
                  """),
          "anti-affinity",
              new Workload(
                  5000, 1000, 2000, "", "labels: {color: green}", affinity("podAntiAffinity", "green", "kubernetes.io/hostname", true)),
          "affinity",
              new Workload(
                  5000,
                  5000,
                  5000,
                  "zone",
                  "labels: {color: blue}",
                  affinity("podAffinity", "blue", "topology.kubernetes.io/zone", true)),
          "preferred-affinity",
              new Workload(
                  5000, 5000, 5000, "", "labels: {color: red}", affinity("podAffinity", "red", "kubernetes.io/hostname", false)),
          "preferred-anti-affinity",
              new Workload(
                  5000,
                  5000,
                  5000,
                  "",
                  "labels: {color: yellow}",
                  affinity("podAntiAffinity", "yellow", "kubernetes.io/hostname", false)),
          "node-affinity",
              new Workload(
                  5000,
                  5000,
                  10_000,
                  "zone",
                  "",
                  """
                  affinity:
                    nodeAffinity:
                      requiredDuringSchedulingIgnoredDuringExecution:
                        nodeSelectorTerms:
                        - matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [zone-1, zone-2]}]
                  """),
          "preemption", new Workload(5000, 20_000, 5000, "", "", ""),
          "unschedulable", new Workload(5000, 200, 10_000, "", "", ""),
          "gated", new Workload(5000, 10_000, 20_000, "", "", ""));

  /// Each Pod has a claim of its own to a device, of which each node has as many as its share.
  private static final Workload ALLOCATING = new Workload(100, 1000, 1000, "", "", "");

  private static final int CREATORS = 8;

  /// How many devices each node has, where Pods ask for one each.
  private static final int DEVICES = 20;

  private static final ApiResource CLASSES = devices("deviceclasses", "DeviceClass");
  private static final ApiResource SLICES = devices("resourceslices", "ResourceSlice");

  private static final String CLASS =
      """
      metadata: {name: device}
      spec: {selectors: [{cel: {expression: "device.attributes['test.example'].model == 'a'"}}]}
      """;
  private static final String SLICE =
      """
      metadata: {name: node-%1$d}
      spec:
        driver: test.example
        nodeName: node-%1$d
        pool: {name: node-%1$d, generation: 1, resourceSliceCount: 1}
        devices:
      """;
  private static final String CLAIM =
      """
      metadata: {name: %s, namespace: default}
      spec: {devices: {requests: [{name: one, exactly: {deviceClassName: device}}]}}
      """;

  private static ApiResource devices(String plural, String kind) {
    return new ApiResource(GroupVersion.parse("resource.k8s.io/v1"), plural, kind, false);
  }

  private final World world = new RealWorld();
  private final ApiServer server =
      new ApiServer(
          EmbeddedStore.inMemory(world),
          world,
          ApiServerSettings.standard().withoutPlugins("ServiceAccount", "TaintNodesByCondition"));
  private final Api api = server.api("measuring");
  private final Map<String, Struct> templates = new ConcurrentHashMap<>();
  private final Set<String> bound = ConcurrentHashMap.newKeySet();
  private final Semaphore measured = new Semaphore(0);
  private final Semaphore first = new Semaphore(0);

  /// @param zones the names of the nodes' zones begin with it; empty for nodes without
  /// @param metadata of the Pods, more lines
  /// @param spec of the Pods, more lines
  private record Workload(
      int nodes, int initial, int pods, String zones, String metadata, String spec) {

    Workload scaled(int percent) {
      return new Workload(
          nodes * percent / 100, initial * percent / 100, pods * percent / 100, zones, metadata, spec);
    }
  }

  private static String affinity(String kind, String color, String key, boolean required) {
    String term = "{labelSelector: {matchLabels: {color: %s}}, topologyKey: %s}".formatted(color, key);
    return required
        ? "affinity: {%s: {requiredDuringSchedulingIgnoredDuringExecution: [%s]}}".formatted(kind, term)
        : "affinity: {%s: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: %s}]}}"
            .formatted(kind, term);
  }

  public static void main(String[] arguments) throws Exception {
    String name = arguments[0];
    int percent = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100;
    HeapKeeper.start(new RealWorld()); // as in `tiphys up`
    for (String round : List.of("cold", "warm")) {
      new Scheduling().measure(round, name, (name.equals("devices") ? ALLOCATING : WORKLOADS.get(name)).scaled(percent));
    }
    System.exit(0);
  }

  private void measure(String round, String name, Workload workload) throws Exception {
    server.defaults(new ApiServerAddress("192.0.2.200", 6443, "10.96.0.1")).ensure();
    each(workload.nodes, i -> api.create(ApiResource.NODES, node(i, workload)));
    if (name.equals("devices")) {
      publish(workload);
    }
    Informer pods = new Informer(world, api, ApiResource.PODS);
    pods.listen(Informer.Listener.ofAll(this::seen));
    pods.start();
    Scheduler scheduler = new Scheduler(world, api);
    scheduler.start();
    String kind = name.equals("preemption") ? "low" : name.equals("gated") ? "gated" : name.equals("unschedulable") ? "large" : "first";
    each(workload.initial, i -> create(name, pod(kind, i, workload)));
    if (kind.equals("first") || kind.equals("low")) {
      first.acquire(workload.initial);
    }
    AtomicBoolean over = new AtomicBoolean();
    if (name.equals("unschedulable")) {
      Thread.ofPlatform().daemon().start(() -> churn(over, workload));
    }
    String last = name.equals("preemption") ? "high" : "last";
    Duration spent = processorTime();
    long begin = System.nanoTime();
    each(workload.pods, i -> create(name, pod(last, i, workload)));
    measured.acquire(workload.pods);
    double seconds = (System.nanoTime() - begin) / 1e9;
    over.set(true);
    double micros = processorTime().minus(spent).toNanos() / 1e3;
    System.out.printf(
        "%-72s %,.0f (%,.0f µs of processor time each)%n",
        "scheduled per s, %s: %s, %,d nodes, %,d + %,d Pods"
            .formatted(round, name, workload.nodes, workload.initial, workload.pods),
        workload.pods / seconds,
        micros / workload.pods);
    scheduler.close();
    pods.close();
    server.close();
  }

  /// Of the whole process: what others do on the machine changes it little.
  private static Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /// Gives each node its devices.
  private void publish(Workload workload) throws Exception {
    api.create(CLASSES, object("resource.k8s.io/v1", "DeviceClass", CLASS));
    each(
        workload.nodes,
        i -> {
          StringBuilder devices = new StringBuilder();
          for (int device = 0; device < DEVICES; device++) {
            devices.append("  - {name: device-%d, attributes: {model: {string: a}}}%n".formatted(device));
          }
          api.create(SLICES, object("resource.k8s.io/v1", "ResourceSlice", SLICE.formatted(i) + devices));
        });
  }

  private void create(String workload, Struct pod) {
    if (!workload.equals("devices")) {
      api.create(ApiResource.PODS, pod);
      return;
    }
    String name = Meta.of(pod).name();
    api.create(
        ApiResource.RESOURCE_CLAIMS, object("resource.k8s.io/v1", "ResourceClaim", CLAIM.formatted(name)));
    Struct use = Struct.of("name", "device", "resourceClaimName", name);
    api.create(ApiResource.PODS, pod.withAt(List.of(use), "spec", "resourceClaims"));
  }

  private void seen(Struct pod) {
    if (!pod.string("spec", "nodeName").isEmpty() && bound.add(Meta.of(pod).uid())) {
      String name = Meta.of(pod).name();
      (name.startsWith("last") || name.startsWith("high") ? measured : first).release();
    }
  }

  /// A Pod that fits nowhere, five times a second.
  private void churn(AtomicBoolean over, Workload workload) {
    for (int i = 0; !over.get(); i++) {
      api.create(ApiResource.PODS, pod("huge", i, workload));
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private interface Creation {
    void create(int number);
  }

  private static void each(int count, Creation creation) throws Exception {
    try (ExecutorService creators = Executors.newFixedThreadPool(CREATORS)) {
      for (int i = 0; i < CREATORS; i++) {
        int creator = i;
        creators.submit(
            () -> {
              for (int n = creator; n < count; n += CREATORS) {
                creation.create(n);
              }
              return null;
            });
      }
    }
  }

  private static Struct node(int number, Workload workload) {
    String zone =
        switch (workload.zones) {
          case "" -> "";
          case "moon" -> ", topology.kubernetes.io/zone: moon-" + (1 + number % 3);
          default -> ", topology.kubernetes.io/zone: zone-1";
        };
    return object(
        "v1",
        "Node",
        """
        metadata: {name: node-%1$d, labels: {kubernetes.io/hostname: node-%1$d%2$s}}
        status:
          capacity: {pods: "110", cpu: "4", memory: 32Gi}
          allocatable: {pods: "110", cpu: "4", memory: 32Gi}
          conditions: [{status: "True", type: Ready}]
        """
            .formatted(number, zone));
  }

  private Struct pod(String kind, int number, Workload workload) {
    return templates
        .computeIfAbsent(kind, _ -> template(kind, workload))
        .withAt(kind + "-" + number, "metadata", "name");
  }

  private static Struct template(String kind, Workload workload) {
    String more =
        switch (kind) {
          case "low" -> "terminationGracePeriodSeconds: 0\n";
          case "high", "huge" -> "priorityClassName: system-node-critical\n";
          case "gated" -> "schedulingGates: [{name: example.com/wait}]\n";
          default -> workload.spec;
        };
    String cpu =
        switch (kind) {
          case "low" -> "900m";
          case "high" -> "3000m";
          case "huge", "large" -> "9";
          default -> "100m";
        };
    String namespace = kind.equals("high") || kind.equals("huge") ? "kube-system" : "default";
    return object(
        "v1",
        "Pod",
        "metadata:\n  namespace: %s\n%s\nspec:\n%s%s"
            .formatted(
                namespace,
                workload.metadata.indent(2),
                more.indent(2),
                """
                  containers:
                  - {name: pause, image: "pause", resources: {requests: {cpu: %s, memory: 500Mi}}}
                """
                    .formatted(cpu)));
  }

  private static Struct object(String version, String kind, String rest) {
    return Yaml.struct("apiVersion: %s\nkind: %s\n%s".formatted(version, kind, rest));
  }
}

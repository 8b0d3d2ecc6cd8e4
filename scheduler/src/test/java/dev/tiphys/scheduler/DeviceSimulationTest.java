package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.events.Resource;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.PluginException;
import dev.tiphys.scheduler.framework.PreBindPlugin;
import dev.tiphys.scheduler.framework.ReservePlugin;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.world.Rounds;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever fails on the way, and whatever happens to Pods and claims meanwhile: no device is given
/// to two claims, what was given to a Pod that is not bound is given back, and in the end no Pod
/// waits for a device while there is one.
class DeviceSimulationTest {

  private static final int STEPS = 60;
  private static final int NODES = 2;
  private static final long DEVICES = 3;
  private static final ApiResource CLAIMS = Resource.RESOURCE_CLAIM.kind();

  private int names;

  static LongStream seeds() {
    return LongStream.range(0, Rounds.of("tiphys.seeds", 60));
  }

  /// Comes after the others, and fails at random until it is told to stop.
  private static final class Fickle implements ReservePlugin, PreBindPlugin {

    private final Handle handle;
    private final SplittableRandom random;
    private volatile boolean calm;

    Fickle(Handle handle, SplittableRandom random) {
      this.handle = handle;
      this.random = random;
    }

    private synchronized boolean oneIn(int chances) {
      return !calm && random.nextInt(chances) == 0;
    }

    @Override
    public String name() {
      return "Fickle";
    }

    @Override
    public Rejection reserve(CycleState state, PodInfo pod, NodeInfo node) {
      return oneIn(8) ? Rejection.curable(name(), "not now") : null;
    }

    @Override
    public void unreserve(CycleState state, PodInfo pod, NodeInfo node) {}

    @Override
    public boolean preBindPreFlight(CycleState state, PodInfo pod, NodeInfo node) {
      return oneIn(2);
    }

    @Override
    public Rejection preBind(CycleState state, PodInfo pod, NodeInfo node)
        throws InterruptedException {
      handle.world().background().sleep(Duration.ofMillis(oneIn(2) ? 1_500 : 10));
      if (oneIn(4)) {
        throw new PluginException("pre-bind");
      }
      return null;
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noDeviceIsGivenTwiceOrLost(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom chance = random.split();
    Map<String, Fickle> fickle = new HashMap<>();
    try (TestCluster cluster =
        new TestCluster(
            seed,
            "profiles: [{plugins: {multiPoint: {enabled: [{name: Fickle}]}}}]",
            Map.of(
                "Fickle",
                (handle, _) -> {
                  fickle.put("", new Fickle(handle, chance));
                  return fickle.get("");
                }),
            (_, _, _) -> Struct.EMPTY)) {
      prepare(cluster);
      for (int step = 0; step < STEPS; step++) {
        happen(cluster, random);
        cluster.world.advance(Duration.ofMillis(random.nextInt(1_500)));
        check(cluster, seed);
      }
      fickle.get("").calm = true;
      cluster.world.advance(Duration.ofMinutes(7));
      cluster.settle();
      check(cluster, seed);
      checkTheEnd(cluster, seed);
    }
  }

  private static void prepare(TestCluster cluster) {
    cluster.nodes(NODES);
    cluster.api.create(
        Resource.DEVICE_CLASS.kind(),
        json("{'metadata':{'name':'gpu'},'spec':{'extendedResourceName':'example.com/gpu'}}"));
    for (int i = 0; i < NODES; i++) {
      cluster.api.create(
          Resource.RESOURCE_SLICE.kind(),
          json(
              "{'metadata':{'name':'node-%1$d'},'spec':{'driver':'gpu.example','nodeName':'node-%1$d','pool':{'name':'node-%1$d','generation':1,'resourceSliceCount':1},'devices':[{'name':'a'},{'name':'b'},{'name':'c'}]}}"
                  .formatted(i)));
    }
  }

  private void happen(TestCluster cluster, SplittableRandom random) {
    List<Struct> pods = pods(cluster);
    switch (random.nextInt(7)) {
      case 0, 1 -> {
        if (!pods.isEmpty()) {
          end(cluster, pods.get(random.nextInt(pods.size())));
        }
      }
      case 2 -> {
        String limits = "{'example.com/gpu':'" + (1 + random.nextInt(2)) + "'}";
        cluster.api.create(
            ApiResource.PODS,
            json(
                "{'metadata':{'name':'extended-"
                    + names++
                    + "','namespace':'default'},'spec':{'containers':[{'name':'main','image':'n',"
                    + "'resources':{'limits':"
                    + limits
                    + ",'requests':"
                    + limits
                    + "}}]}}"));
      }
      default -> {
        String name = "claim-" + names++;
        cluster.api.create(
            CLAIMS,
            json(
                "{'metadata':{'name':'"
                    + name
                    + "','namespace':'default'},'spec':{'devices':{'requests':[{'name':'one',"
                    + "'exactly':{'deviceClassName':'gpu','count':"
                    + (1 + random.nextInt(2))
                    + "}}]}}}"));
        int users = 1 + random.nextInt(2);
        for (int i = 0; i < users; i++) {
          cluster.pod(
              name + "-user-" + i,
              "'resourceClaims':[{'name':'gpu','resourceClaimName':'" + name + "'}]");
        }
      }
    }
  }

  /// Deletes a Pod and does what controllers do about its claims.
  private static void end(TestCluster cluster, Struct pod) {
    cluster.delete(Meta.of(pod).name());
    cluster.world.advance(Duration.ofMillis(1));
    String uid = Meta.of(pod).uid();
    for (Struct claim : claims(cluster)) {
      List<Struct> users = claim.structs("status", "reservedFor");
      List<Struct> left = users.stream().filter(user -> !user.string("uid").equals(uid)).toList();
      if (left.size() < users.size()) {
        Struct status =
            left.isEmpty() ? Struct.EMPTY : claim.struct("status").with("reservedFor", left);
        cluster.api.update(CLAIMS, claim.with("status", status), "status");
      }
    }
    collect(cluster);
  }

  /// Deletes the claims whose Pods are gone.
  private static void collect(TestCluster cluster) {
    Set<String> living = new HashSet<>();
    pods(cluster).forEach(pod -> living.add(Meta.of(pod).uid()));
    for (Struct claim : claims(cluster)) {
      Struct owner = Meta.of(claim).controller();
      if (owner != null && !living.contains(owner.string("uid"))) {
        cluster.api.update(CLAIMS, claim.withAt(List.of(), "metadata", "finalizers"));
        cluster.api.delete(CLAIMS, "default", Meta.of(claim).name(), DeleteOptions.DEFAULT);
      }
    }
  }

  private static List<Struct> pods(TestCluster cluster) {
    return cluster.api.list(ApiResource.PODS, "default", ListOptions.ALL).items();
  }

  private static List<Struct> claims(TestCluster cluster) {
    return cluster.api.list(CLAIMS, "default", ListOptions.ALL).items();
  }

  private static List<Struct> results(Struct claim) {
    return claim.structs("status", "allocation", "devices", "results");
  }

  /// The devices that claims have, by node.
  private static Map<String, Set<String>> check(TestCluster cluster, long seed) {
    Map<String, Set<String>> given = new HashMap<>();
    for (Struct claim : claims(cluster)) {
      for (Struct result : results(claim)) {
        boolean first =
            given
                .computeIfAbsent(result.string("pool"), _ -> new HashSet<>())
                .add(result.string("device"));
        assertThat(first).as("seed %d: given twice: %s", seed, result).isTrue();
      }
    }
    return given;
  }

  private static void checkTheEnd(TestCluster cluster, long seed) {
    collect(cluster);
    cluster.settle();
    Map<String, Set<String>> given = check(cluster, seed);
    Map<String, Struct> byName = new HashMap<>();
    claims(cluster).forEach(claim -> byName.put(Meta.of(claim).name(), claim));
    Map<String, String> nodes = new HashMap<>();
    pods(cluster).forEach(pod -> nodes.put(Meta.of(pod).uid(), pod.string("spec", "nodeName")));
    for (Struct claim : byName.values()) {
      for (Struct user : claim.structs("status", "reservedFor")) {
        assertThat(nodes.get(user.string("uid")))
            .as("seed %d: %s is reserved for a Pod that is bound", seed, claim)
            .isEqualTo(results(claim).getFirst().string("pool"));
      }
    }
    for (Struct pod : pods(cluster)) {
      String node = pod.string("spec", "nodeName");
      String name = Meta.of(pod).name();
      Struct claim = byName.get(name.replaceAll("-user-.*", ""));
      boolean waits = node.isEmpty();
      if (!waits && claim != null) {
        assertThat(claim.structs("status", "reservedFor"))
            .as("seed %d: %s has its claim", seed, name)
            .anyMatch(user -> user.string("uid").equals(Meta.of(pod).uid()));
      } else if (waits) {
        long wanted = wanted(pod, claim);
        assertThat(claim != null && claim.has("status", "allocation"))
            .as("seed %d: %s waits though its claim has devices", seed, name)
            .isFalse();
        for (int i = 0; i < NODES; i++) {
          long free = DEVICES - given.getOrDefault("node-" + i, Set.of()).size();
          assertThat(free).as("seed %d: %s waits", seed, name).isLessThan(wanted);
        }
      }
    }
  }

  private static long wanted(Struct pod, Struct claim) {
    if (claim != null) {
      return claim.structs("spec", "devices", "requests").getFirst().integer("exactly", "count");
    }
    Struct container = pod.structs("spec", "containers").getFirst();
    return Long.parseLong(container.string("resources", "limits", "example.com/gpu"));
  }
}

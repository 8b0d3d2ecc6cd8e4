package dev.tiphys.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.PermitPlugin;
import dev.tiphys.scheduler.framework.PluginException;
import dev.tiphys.scheduler.framework.PostBindPlugin;
import dev.tiphys.scheduler.framework.PreBindPlugin;
import dev.tiphys.scheduler.framework.ReservePlugin;
import dev.tiphys.scheduler.framework.WaitingPod;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.world.Rounds;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever plugins say on the way to a binding, and whatever happens to Pods meanwhile: what was
/// reserved is given back exactly if the Pod is not bound, nothing is overfilled, and in the end no
/// Pod waits that has room.
class BindingSimulationTest {

  private static final int STEPS = 60;
  private static final int NODES = 3;

  private int names;

  static LongStream seeds() {
    return LongStream.range(0, Rounds.of("tiphys.seeds", 40));
  }

  /// Says no, fails or waits at random, until it is told to stop.
  private static final class Moody
      implements ReservePlugin, PermitPlugin, PreBindPlugin, PostBindPlugin {

    private final SplittableRandom random;
    final Map<String, String> reserved = new ConcurrentHashMap<>();
    final Map<String, String> bound = new ConcurrentHashMap<>();
    volatile boolean calm;
    Handle handle;

    Moody(SplittableRandom random) {
      this.random = random;
    }

    private synchronized boolean oneIn(int chances) {
      return !calm && random.nextInt(chances) == 0;
    }

    @Override
    public String name() {
      return "Moody";
    }

    @Override
    public Rejection reserve(CycleState state, PodInfo pod, NodeInfo node) {
      if (oneIn(10)) {
        throw new PluginException("reserve");
      }
      if (oneIn(10)) {
        return Rejection.curable(name(), "not now");
      }
      assertThat(reserved.put(pod.uid(), node.name())).as("reserved twice: %s", pod).isNull();
      return null;
    }

    @Override
    public void unreserve(CycleState state, PodInfo pod, NodeInfo node) {
      reserved.remove(pod.uid());
    }

    @Override
    public Permission permit(CycleState state, PodInfo pod, NodeInfo node) {
      if (oneIn(8)) {
        return new Permission.Denied(Rejection.curable(name(), "denied"));
      }
      return oneIn(2) ? new Permission.Wait(Duration.ofSeconds(20)) : Permission.ALLOWED;
    }

    @Override
    public boolean preBindPreFlight(CycleState state, PodInfo pod, NodeInfo node) {
      return oneIn(2);
    }

    @Override
    public Rejection preBind(CycleState state, PodInfo pod, NodeInfo node)
        throws InterruptedException {
      handle.world().background().sleep(Duration.ofMillis(oneIn(2) ? 1_500 : 10));
      if (oneIn(6)) {
        throw new PluginException("pre-bind");
      }
      return oneIn(6) ? Rejection.curable(name(), "no") : null;
    }

    @Override
    public void postBind(CycleState state, PodInfo pod, NodeInfo node) {
      bound.put(pod.uid(), node.name());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void nothingIsLostAndNothingIsKept(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Moody moody = new Moody(random.split());
    try (TestCluster cluster =
        new TestCluster(
            seed,
            "profiles: [{plugins: {multiPoint: {enabled: [{name: Moody}]}}}]",
            Map.of(
                "Moody",
                (handle, _) -> {
                  moody.handle = handle;
                  return moody;
                }),
            (_, _, _) -> Struct.EMPTY)) {
      cluster.nodes(NODES);
      for (int step = 0; step < STEPS; step++) {
        happen(cluster, moody, random);
        cluster.world.advance(Duration.ofMillis(random.nextInt(1_200)));
        check(cluster, seed);
      }
      moody.calm = true;
      cluster.world.advance(Duration.ofMinutes(7));
      cluster.settle();
      check(cluster, seed);
      checkTheEnd(cluster, moody, seed);
    }
  }

  private void happen(TestCluster cluster, Moody moody, SplittableRandom random) {
    List<Struct> pods = pods(cluster);
    switch (random.nextInt(6)) {
      case 0 -> {
        if (!pods.isEmpty()) {
          cluster.delete(Meta.of(pods.get(random.nextInt(pods.size()))).name());
        }
      }
      case 1, 2 -> {
        for (WaitingPod waiting : moody.handle.waitingPods()) {
          if (random.nextBoolean()) {
            waiting.allow("Moody");
          } else if (random.nextInt(3) == 0) {
            waiting.reject("Moody", "rejected");
          }
        }
      }
      default -> cluster.podWithCpu("web-" + names++, 500 * (1 + random.nextInt(4)) + "m", "");
    }
  }

  private static List<Struct> pods(TestCluster cluster) {
    return cluster.api.list(ApiResource.PODS, "default", ListOptions.ALL).items();
  }

  private static long cpu(Struct pod) {
    Struct container = pod.structs("spec", "containers").getFirst();
    return Quantity.from(container.get("resources", "requests", "cpu")).milli();
  }

  private static Map<String, Long> taken(TestCluster cluster) {
    Map<String, Long> taken = new HashMap<>();
    for (Struct pod : pods(cluster)) {
      taken.merge(pod.string("spec", "nodeName"), cpu(pod), Long::sum);
    }
    taken.remove("");
    return taken;
  }

  private static void check(TestCluster cluster, long seed) {
    assertThat(taken(cluster).values()).as("seed %d", seed).allMatch(cpu -> cpu <= 4_000);
  }

  private static void checkTheEnd(TestCluster cluster, Moody moody, long seed) {
    assertThat(moody.handle.waitingPods()).as("seed %d", seed).isEmpty();
    assertThat(moody.reserved)
        .as("seed %d: what is reserved is bound", seed)
        .isEqualTo(moody.bound);
    Map<String, Long> taken = taken(cluster);
    long most =
        IntStream.range(0, NODES)
            .mapToLong(i -> 4_000 - taken.getOrDefault("node-" + i, 0L))
            .max()
            .orElseThrow();
    for (Struct pod : pods(cluster)) {
      String node = pod.string("spec", "nodeName");
      if (node.isEmpty()) {
        assertThat(cpu(pod)).as("seed %d: %s waits", seed, pod).isGreaterThan(most);
      } else {
        assertThat(moody.reserved).containsEntry(Meta.of(pod).uid(), node);
      }
    }
  }
}

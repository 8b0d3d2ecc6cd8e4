package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.testing.Fixture.json;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.time.Duration;

/// Measures how long a scheduler takes to place Pods through an API server in the same process, its
/// store in memory. Run it by hand: `java ... dev.tiphys.scheduler.SchedulerLoad [nodes] [pods]`.
final class SchedulerLoad {

  private SchedulerLoad() {}

  public static void main(String[] arguments) throws InterruptedException {
    int nodes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
    int pods = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5_000;
    World world = new RealWorld();
    try (ApiServer server =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount"))) {
      server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
      Api api = server.api("tester");
      for (int i = 0; i < nodes; i++) {
        node(api, "node-" + i);
      }
      for (int i = 0; i < pods; i++) {
        pod(api, "web-" + i);
      }
      try (Scheduler scheduler = new Scheduler(world, server.api("system:kube-scheduler"))) {
        long start = world.nanoTime();
        scheduler.start();
        while (bound(api) < pods) {
          world.sleep(Duration.ofMillis(20));
        }
        long nanos = world.nanoTime() - start;
        System.out.printf(
            "%d pods onto %d nodes in %d ms, from the start of a cold scheduler: %.0f pods/s%n",
            pods, nodes, nanos / 1_000_000, pods * 1e9 / nanos);
      }
    }
  }

  private static long bound(Api api) {
    return api.list(ApiResource.PODS, "default", ListOptions.withFields("spec.nodeName!="))
        .items()
        .size();
  }

  private static void node(Api api, String name) {
    Struct node =
        api.create(
            ApiResource.NODES,
            json(
                "{'metadata':{'name':'"
                    + name
                    + "','labels':{'kubernetes.io/hostname':'"
                    + name
                    + "'}}}"));
    Struct capacity = json("{'cpu':'8','memory':'32Gi','pods':'110'}");
    Struct ready =
        api.update(
            ApiResource.NODES,
            node.with("status", Struct.of("allocatable", capacity, "capacity", capacity)),
            "status");
    api.update(ApiResource.NODES, ready.withoutAt("spec", "taints"));
  }

  private static void pod(Api api, String name) {
    api.create(
        ApiResource.PODS,
        json(
            "{'metadata':{'name':'"
                + name
                + "','namespace':'default','labels':{'app':'web'}},'spec':{'containers':"
                + "[{'name':'main','image':'nginx','resources':{'requests':"
                + "{'cpu':'100m','memory':'64Mi'}}}]}}"));
  }
}

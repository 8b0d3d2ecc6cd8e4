package dev.tiphys.apiserver;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import java.lang.management.ManagementFactory;

/// Measures in processor time what advice adds to a POST by a caller in the process. Run its main
/// method.
final class AdviceSpeed {

  private static final int ROUNDS = 10_000;
  private static final RealWorld WORLD = new RealWorld();

  private AdviceSpeed() {}

  public static void main(String[] args) {
    measure(ApiResource.PODS, 0, 0, false); // warms up
    for (ApiResource resource : new ApiResource[] {ApiResource.PODS, ApiResource.DEPLOYMENTS}) {
      for (int nodes : new int[] {3, 5000}) {
        for (int workloads : new int[] {0, 100}) {
          measure(resource, nodes, workloads, false);
          measure(resource, nodes, workloads, true);
        }
      }
    }
    System.exit(0);
  }

  private static void measure(ApiResource resource, int nodes, int workloads, boolean advises) {
    ApiServerSettings settings = ApiServerSettings.standard().withoutPlugins("ServiceAccount");
    try (ApiServer server =
        new ApiServer(
            EmbeddedStore.inMemory(WORLD), WORLD, advises ? settings : settings.withoutAdvice())) {
      Api api = server.api("measuring");
      for (String namespace : new String[] {"ns"}) {
        api.create(ApiResource.NAMESPACES, Yaml.struct("{metadata: {name: " + namespace + "}}"));
      }
      for (int i = 0; i < nodes; i++) {
        api.create(
            ApiResource.NODES,
            Yaml.struct(
                "{metadata: {name: n" + i + "}, status: {allocatable: {cpu: 4, memory: 8Gi}}}"));
      }
      for (int i = 0; i < workloads; i++) {
        api.create(ApiResource.DEPLOYMENTS, deployment("d" + i, "ns"));
        api.create(
            ApiResource.SERVICES,
            Yaml.struct(
                "{metadata: {name: s%d, namespace: ns}, spec: {selector: {app: d%d}, ports: [{port: 80}]}}"
                    .formatted(i, i)));
      }
      int[] made = {0};
      double cost =
          cost(
              () -> {
                String name = "m" + made[0]++;
                Struct object =
                    resource.equals(ApiResource.PODS)
                        ? deployment(name, "ns").struct("spec", "template")
                        : deployment(name, "ns");
                Struct placed =
                    object.withAt(name, "metadata", "name").withAt("ns", "metadata", "namespace");
                api.create(resource, placed);
                api.delete(resource, "ns", name, DeleteOptions.withGrace(0));
              });
      System.out.printf(
          "%-12s %5d nodes %4d workloads and Services, advice %-3s  POST and DELETE %7.2f us%n",
          resource.plural(), nodes, workloads, advises ? "on" : "off", cost);
    }
  }

  private static Struct deployment(String name, String namespace) {
    return Yaml.struct(
        """
        metadata: {name: %s, namespace: %s}
        spec:
          selector: {matchLabels: {app: %s}}
          template:
            metadata: {labels: {app: %s}}
            spec:
              containers:
              - name: c
                image: i:1
                env: [{name: A, value: x}, {name: B, value: $(A)}]
                ports: [{name: http, containerPort: 80}]
                resources: {requests: {cpu: 100m, memory: 64Mi}}
                readinessProbe: {httpGet: {path: /, port: http}}
        """
            .formatted(name, namespace, name, name));
  }

  private static double cost(Runnable action) {
    double last = 0;
    for (int round = 0; round < 3; round++) { // the first two warm up
      long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      for (int i = 0; i < ROUNDS; i++) {
        action.run();
      }
      last =
          (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e3 / ROUNDS;
    }
    return last;
  }
}

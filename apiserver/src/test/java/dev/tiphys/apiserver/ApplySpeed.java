package dev.tiphys.apiserver;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.RealWorld;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;

/// Measures what writes cost in processor time, from the caller in this process to the store and
/// back. Run its main method.
final class ApplySpeed {

  private static final Struct DEPLOYMENT =
      Yaml.struct(
          """
          apiVersion: apps/v1
          kind: Deployment
          metadata:
            name: web
            namespace: default
            labels: {app: web, tier: front}
          spec:
            replicas: 3
            selector: {matchLabels: {app: web}}
            template:
              metadata:
                labels: {app: web, tier: front}
              spec:
                containers:
                - name: web
                  image: nginx:1.24
                  ports:
                  - {containerPort: 80, name: http}
                  - {containerPort: 443, name: https}
                  env:
                  - {name: A, value: b}
                  - {name: C, value: d}
                  resources:
                    requests: {cpu: 100m, memory: 64Mi}
                    limits: {memory: 128Mi}
                  readinessProbe:
                    httpGet: {path: /, port: http}
          """);

  private ApplySpeed() {}

  public static void main(String[] args) {
    RealWorld world = new RealWorld();
    try (ApiServer server =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount"))) {
      Api api = server.api("measuring");
      api.create(
          ApiResource.NAMESPACES, Yaml.struct("{kind: Namespace, metadata: {name: default}}"));
      Struct configMap =
          Yaml.struct("{metadata: {generateName: c-, namespace: default}, data: {content: abc}}");
      measure("create of a ConfigMap", _ -> api.create(ApiResource.CONFIG_MAPS, configMap));
      measure("apply of a Deployment that changes it", i -> apply(api, 1 + i % 2));
      measure("apply of a Deployment as it is", _ -> apply(api, 1));
      measure(
          "strategic patch of a Deployment",
          i ->
              api.patch(
                  ApiResource.DEPLOYMENTS,
                  "default",
                  "web",
                  "",
                  PatchType.STRATEGIC,
                  Struct.of("spec", Struct.of("replicas", 1L + i % 2))));
    }
  }

  private static void apply(Api api, long replicas) {
    Struct wanted = DEPLOYMENT.withAt(replicas, "spec", "replicas");
    api.patch(ApiResource.DEPLOYMENTS, "default", "web", "", PatchType.APPLY, wanted);
  }

  private static void measure(String what, IntConsumer write) {
    var thread = ManagementFactory.getThreadMXBean();
    long best = Long.MAX_VALUE;
    int count = 10_000;
    for (int round = 0; round < 8; round++) {
      long start = thread.getCurrentThreadCpuTime();
      for (int i = 0; i < count; i++) {
        write.accept(i);
      }
      best = Math.min(best, (thread.getCurrentThreadCpuTime() - start) / count);
    }
    System.out.println(what + ": " + best / 1_000 + " µs of processor time");
  }
}

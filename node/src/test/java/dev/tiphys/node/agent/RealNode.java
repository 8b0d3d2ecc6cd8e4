package dev.tiphys.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.node.runtime.ExecResult;
import dev.tiphys.node.settings.EvictionThresholds;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.node.testing.TestImages;
import dev.tiphys.node.testing.TestNode;
import dev.tiphys.node.volumes.HostMounts;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.World;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// A node agent on a real runtime, with an API server in this process.
final class RealNode implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  final TestNode node;
  final Api api;
  private final ApiServer server;
  private final NodeSettings settings;
  private NodeAgent agent;

  /// Something that becomes true in time.
  interface Condition {
    boolean holds() throws Exception;
  }

  private RealNode(TestNode node) throws Exception {
    this.node = node;
    World world = node.world();
    server =
        new ApiServer(
            EmbeddedStore.inMemory(world),
            world,
            ApiServerSettings.standard().withoutPlugins("ServiceAccount"));
    server.defaults(new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1")).ensure();
    api = server.api("tester");
    settings =
        NodeSettings.of("node-1", List.of("127.0.0.1"), node.data().resolve("agent"))
            .withCgroup(node.cgroup() + "/kubepods")
            .withEviction(EvictionThresholds.ON_A_SHARED_MACHINE);
    startAgent();
  }

  static RealNode start() throws Exception {
    TestNode node = TestNode.startWithBusybox();
    try {
      node.load(TestImages.archive("nginx"));
      return new RealNode(node);
    } catch (Exception e) {
      node.close();
      throw e;
    }
  }

  void startAgent() throws Exception {
    agent =
        NodeAgent.ofThisMachine(
            node.world(),
            server.api("system:node:node-1"),
            settings,
            node.runtime(),
            NodeNetwork.PRESENT);
    agent.start();
  }

  void stopAgent() {
    agent.close();
  }

  NodeSettings settings() {
    return settings;
  }

  NodeAgent agent() {
    return agent;
  }

  Struct create(ApiResource resource, String yaml) {
    Struct named =
        Yaml.struct(yaml).with("apiVersion", resource.apiVersion()).with("kind", resource.kind());
    Struct object =
        resource.namespaced() ? named.withAt("default", "metadata", "namespace") : named;
    return api.create(
        resource,
        resource.equals(ApiResource.PODS) ? object.withAt("node-1", "spec", "nodeName") : object);
  }

  void createPod(String name, String spec) {
    create(ApiResource.PODS, "metadata: {name: %s}\nspec:\n%s".formatted(name, spec.indent(2)));
  }

  Struct pod(String name) {
    return api.get(ApiResource.PODS, "default", name);
  }

  String phase(String name) {
    return pod(name).string("status", "phase");
  }

  Struct container(String pod, String container) {
    for (String field : List.of("containerStatuses", "initContainerStatuses")) {
      for (Struct status : pod(pod).structs("status", field)) {
        if (status.string("name").equals(container)) {
          return status;
        }
      }
    }
    return Struct.EMPTY;
  }

  String id(String pod, String container) {
    String id = container(pod, container).string("containerID");
    return id.substring(id.lastIndexOf('/') + 1);
  }

  void awaitRunning(String name) throws Exception {
    eventually(
        () ->
            phase(name).equals("Running")
                && pod(name).structs("status", "containerStatuses").stream()
                    .allMatch(c -> c.bool("ready")));
  }

  void awaitPhase(String name, String phase) throws Exception {
    eventually(() -> phase(name).equals(phase));
  }

  void delete(String name) throws Exception {
    api.delete(ApiResource.PODS, "default", name, DeleteOptions.DEFAULT);
    eventually(() -> api.find(ApiResource.PODS, "default", name) == null);
  }

  /// What a command in a container prints.
  String ask(String pod, String container, String... command) throws Exception {
    ExecResult result =
        node.runtime().execSync(id(pod, container), List.of(command), Duration.ofSeconds(10));
    return new String(result.output(), StandardCharsets.UTF_8)
        + new String(result.errors(), StandardCharsets.UTF_8);
  }

  List<String> events(String name) {
    return api.list(ApiResource.EVENTS, "", ListOptions.ALL).items().stream()
        .filter(event -> event.string("involvedObject", "name").equals(name))
        .map(event -> event.string("reason") + " " + event.string("message"))
        .toList();
  }

  void eventually(Condition condition) throws Exception {
    eventually(
        condition,
        () ->
            "patience: "
                + api.list(ApiResource.PODS, "", ListOptions.ALL).items()
                + api.list(ApiResource.EVENTS, "", ListOptions.ALL).items());
  }

  /// @param otherwise what is told if it does not hold in time
  void eventually(Condition condition, Supplier<String> otherwise) throws Exception {
    long start = node.world().nanoTime();
    while (!condition.holds()) {
      assertThat(node.world().nanoTime() - start).as(otherwise).isLessThan(PATIENCE.toNanos());
      node.world().sleep(Duration.ofMillis(5));
    }
  }

  @Override
  public void close() throws Exception {
    for (Struct pod : api.list(ApiResource.PODS, "default", ListOptions.ALL).items()) {
      api.delete(
          ApiResource.PODS, "default", pod.string("metadata", "name"), DeleteOptions.withGrace(0));
    }
    eventually(
        () ->
            node.runtime().sandboxes(Map.of()).isEmpty()
                && settings.directories().uids().isEmpty());
    agent.close();
    for (var sandbox : node.runtime().sandboxes(Map.of())) {
      node.runtime().removeSandbox(sandbox.id());
    }
    new HostMounts().unmount(settings.directories().memory());
    node.close();
  }
}

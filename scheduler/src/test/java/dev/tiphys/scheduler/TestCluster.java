package dev.tiphys.scheduler;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.NewCluster;
import dev.tiphys.apiserver.RuntimeConfig;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import dev.tiphys.scheduler.decisions.Decision;
import dev.tiphys.scheduler.extenders.Extenders;
import dev.tiphys.scheduler.extenders.Transport;
import dev.tiphys.scheduler.framework.PluginFactory;
import dev.tiphys.scheduler.plugins.DefaultPlugins;
import dev.tiphys.world.VirtualWorld;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/// An API server in process and a scheduler, on virtual time.
final class TestCluster implements AutoCloseable {

  final VirtualWorld world;
  final Api api;
  private final ApiServer server;
  private Scheduler scheduler;

  private final String configuration;
  private final Transport transport;
  private final Map<String, PluginFactory> more;
  private final FeatureGates gates;

  private static final NewCluster USUAL = newCluster(RuntimeConfig.DEFAULT, FeatureGates.DEFAULT);

  TestCluster(long seed) {
    this(seed, "", Map.of(), (_, _, _) -> Struct.EMPTY);
  }

  /// With features that are off otherwise, and all resources served.
  TestCluster(long seed, FeatureGates gates) {
    this(seed, "", Map.of(), (_, _, _) -> Struct.EMPTY, gates);
  }

  TestCluster(
      long seed, String configuration, Map<String, PluginFactory> more, Transport transport) {
    this(seed, configuration, more, transport, FeatureGates.DEFAULT);
  }

  /// @param configuration fields of a KubeSchedulerConfiguration, as YAML
  /// @param more plugins that there are besides the default ones
  /// @param transport what carries requests to extenders
  TestCluster(
      long seed,
      String configuration,
      Map<String, PluginFactory> more,
      Transport transport,
      FeatureGates gates) {
    this.gates = gates;
    this.configuration = configuration;
    this.transport = transport;
    this.more = more;
    world = new VirtualWorld(seed);
    server =
        gates == FeatureGates.DEFAULT
            ? USUAL.start(world)
            : newCluster(RuntimeConfig.parse("api/all=true"), gates).start(world);
    api = server.api("tester");
    scheduler = start(server.api(UserInfo.SCHEDULER, "system:kube-scheduler", Scheduler.PROGRAM));
  }

  private static NewCluster newCluster(RuntimeConfig served, FeatureGates gates) {
    return new NewCluster(
        ApiServerSettings.standard().withoutPlugins("ServiceAccount").serving(served, gates),
        new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1"));
  }

  private Scheduler start(Api its) {
    SchedulerConfiguration read =
        SchedulerConfiguration.parse(
            "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n"
                + configuration,
            gates);
    Extenders extenders = new Extenders(read.extenders(), _ -> transport);
    Map<String, PluginFactory> plugins = DefaultPlugins.all(extenders);
    plugins.putAll(more);
    Scheduler started = new Scheduler(world, its, read, "host-1", plugins, extenders);
    started.start();
    return started;
  }

  /// Ends the scheduler and starts another one.
  void restart(Api its) {
    scheduler.close();
    scheduler = start(its);
  }

  /// Ends the scheduler and starts another one with the rights of a user.
  void restartAs(UserInfo user) {
    restart(server.api(user, "system:kube-scheduler", Scheduler.PROGRAM));
  }

  void restart() {
    restart(server.api(UserInfo.SCHEDULER, "system:kube-scheduler", Scheduler.PROGRAM));
  }

  /// Lets everybody work until nothing is left to do.
  void settle() {
    world.awaitQuiescent();
  }

  /// A struct, written as JSON with single quotes.
  static Struct json(String text) {
    return Json.struct(text.replace('\'', '"'));
  }

  /// Adds a node with 4 CPUs, 8 GiB and room for 110 Pods.
  ///
  /// @param labels fields of an object
  Struct node(String name, String labels) {
    Struct node = json("{'metadata':{'name':'" + name + "','labels':{" + labels + "}}}");
    Struct created = api.create(ApiResource.NODES, node);
    return ready(created, "{'cpu':'4','memory':'8Gi','pods':'110'}");
  }

  void nodes(int count) {
    for (int i = 0; i < count; i++) {
      node("node-" + i, "'kubernetes.io/hostname':'node-" + i + "'");
    }
  }

  /// Gives a node room, and takes the taint off it that new ones have.
  Struct ready(Struct node, String allocatable) {
    Struct status = Struct.of("allocatable", json(allocatable), "capacity", json(allocatable));
    api.update(ApiResource.NODES, node.with("status", status), "status");
    String name = Meta.of(node).name();
    return taint(name, "");
  }

  /// @param taints elements of a list
  Struct taint(String name, String taints) {
    Struct node = api.get(ApiResource.NODES, "", name);
    Object list = json("{'a':[" + taints + "]}").list("a");
    return api.update(ApiResource.NODES, node.withAt(list, "spec", "taints"));
  }

  /// Creates a Pod of one container in the namespace `default`.
  ///
  /// @param spec more fields of its spec
  Struct pod(String name, String spec) {
    return pod(name, "", spec);
  }

  /// @param labels fields of an object
  Struct pod(String name, String labels, String spec) {
    return api.create(
        ApiResource.PODS,
        json(
            "{'metadata':{'name':'"
                + name
                + "','namespace':'default','labels':{"
                + labels
                + "}},'spec':{'containers':[{'name':'main','image':'nginx'}]"
                + (spec.isEmpty() ? "" : "," + spec)
                + "}}"));
  }

  /// Creates a Pod that asks for some CPU.
  Struct podWithCpu(String name, String cpu, String spec) {
    return api.create(
        ApiResource.PODS,
        json(
            "{'metadata':{'name':'"
                + name
                + "','namespace':'default'},'spec':{'containers':[{'name':'main','image':'nginx',"
                + "'resources':{'requests':{'cpu':'"
                + cpu
                + "'}}}]"
                + (spec.isEmpty() ? "" : "," + spec)
                + "}}"));
  }

  Struct find(String pod) {
    return api.get(ApiResource.PODS, "default", pod);
  }

  /// The node a Pod is on; empty if on none.
  String nodeOf(String pod) {
    return find(pod).string("spec", "nodeName");
  }

  /// Why a Pod is not scheduled; empty if that is not said.
  String reason(String pod) {
    Struct condition = Meta.condition(find(pod), "PodScheduled");
    return condition == null || condition.string("status").equals("True")
        ? ""
        : condition.string("message");
  }

  /// What was decided about a Pod.
  Decision why(String pod) {
    return ask(() -> scheduler.why("default", pod).orElseThrow());
  }

  /// What the scheduler counts.
  String metrics() {
    return ask(scheduler::metrics);
  }

  private <T> T ask(Callable<T> question) {
    AtomicReference<T> answer = new AtomicReference<>();
    world.start(
        "question",
        () -> {
          try {
            answer.set(question.call());
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    settle();
    return answer.get();
  }

  void delete(String pod) {
    api.delete(ApiResource.PODS, "default", pod, DeleteOptions.withGrace(0));
  }

  /// The events about a Pod, as `reason: message`.
  List<String> events(String pod) {
    return api.list(ApiResource.EVENTS, "default", ListOptions.ALL).items().stream()
        .filter(event -> event.string("involvedObject", "name").equals(pod))
        .map(event -> event.string("reason") + ": " + event.string("message"))
        .toList();
  }

  @Override
  public void close() {
    scheduler.close();
    server.close();
  }
}

package dev.tiphys.node.agent;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.Meta;
import dev.tiphys.node.machine.Machine;
import dev.tiphys.node.machine.PodCgroups;
import dev.tiphys.node.pod.PodEvents;
import dev.tiphys.node.probes.Handler;
import dev.tiphys.node.pull.PullSecrets;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.node.runtime.RuntimeEvent;
import dev.tiphys.node.runtime.RuntimeEvents;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.node.spec.ContainerSpecs;
import dev.tiphys.node.spec.NameServers;
import dev.tiphys.node.spec.References;
import dev.tiphys.node.spec.SandboxSpecs;
import dev.tiphys.node.spec.ServiceVariables;
import dev.tiphys.node.sync.Means;
import dev.tiphys.node.sync.NetworkReadiness;
import dev.tiphys.node.sync.PodWorkers;
import dev.tiphys.node.sync.QosCgroups;
import dev.tiphys.node.volumes.HostMounts;
import dev.tiphys.node.volumes.Mounts;
import dev.tiphys.node.volumes.PodVolumes;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.world.Task;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// The agent of one node: registers it, keeps its status and its lease, and runs the Pods that are
/// bound to it.
///
/// What runs on the node outlives the agent: closing it stops nothing, and the next one to start
/// with the same data and runtime goes on where this one was, whatever happened between.
///
/// Threads: any.
public final class NodeAgent implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(NodeAgent.class.getName());
  private static final Duration EVENTS_RETRY = Duration.ofMillis(200);

  private final World world;
  private final ContainerRuntime runtime;
  private final EventRecorder recorder;
  private final NodeEvents events;
  private final Informer pods;
  private final Informer services;
  private final PodVolumes volumes;
  private final QosCgroups qos;
  private final Map<String, Quantity> allocatable;
  private final PodWorkers workers;
  private final Housekeeping housekeeping;
  private final NodeStatusLoop status;
  private final NodeLease lease;
  private final List<Task> tasks = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /// An agent that mounts nothing and limits nothing on the machine but by these means.
  ///
  /// @param mounts makes file systems in memory
  /// @param cgroups makes the cgroups of Pods
  public NodeAgent(
      World world,
      Api api,
      NodeSettings settings,
      ContainerRuntime runtime,
      Mounts mounts,
      PodCgroups cgroups) {
    this.world = world;
    this.runtime = runtime;
    this.recorder = new EventRecorder(world, api, "kubelet", settings.name());
    this.pods =
        new Informer(
            world,
            api,
            ApiResource.PODS,
            "",
            ListOptions.withFields("spec.nodeName=" + settings.name()));
    this.services = new Informer(world, api, ApiResource.SERVICES);
    Machine machine = Machine.inspect(existing(settings));
    NodeObject object = new NodeObject(settings, machine);
    References references = new References(api);
    PodEvents podEvents = new PodEvents(recorder);
    this.events = new NodeEvents(recorder, settings.name());
    NameServers names = NameServers.ofThisMachine(settings.clusterDns(), settings.clusterDomain());
    this.volumes = new PodVolumes(world, api, references, settings.directories(), mounts);
    this.qos = new QosCgroups(cgroups, settings.cgroup());
    this.allocatable = object.allocatable();
    NodeAdmission admission =
        new NodeAdmission(
            allocatable,
            () -> {
              Struct node = api.get(ApiResource.NODES, "", settings.name());
              return new NodeChoice(settings.name(), Meta.of(node).labels());
            });
    ContainerSpecs containers =
        new ContainerSpecs(
            settings,
            references,
            new ServiceVariables(services),
            allocatable,
            machine.memoryBytes());
    Means means =
        new Means(
            world,
            api,
            runtime,
            new NetworkReadiness(world, runtime),
            settings,
            names,
            new SandboxSpecs(settings, names),
            containers,
            volumes,
            qos,
            new PullSecrets(references, podEvents),
            new Handler(world, runtime),
            podEvents,
            admission);
    this.workers = new PodWorkers(means);
    this.housekeeping =
        new Housekeeping(world, settings.directories(), runtime, pods, workers, volumes, qos);
    this.status = new NodeStatusLoop(world, api, settings, machine, object, runtime, events);
    this.lease = new NodeLease(world, api, settings.name());
  }

  /// The agent of this machine.
  public static NodeAgent ofThisMachine(
      World world, Api api, NodeSettings settings, ContainerRuntime runtime) {
    return new NodeAgent(
        world, api, settings, runtime, new HostMounts(), PodCgroups.ofThisMachine());
  }

  private static Path existing(NodeSettings settings) {
    try {
      return Files.createDirectories(settings.data());
    } catch (IOException e) {
      throw new UncheckedIOException(settings.data() + " cannot be used", e);
    }
  }

  /// Starts to work, and returns at once: the node is registered, and Pods are run, from here on.
  ///
  /// @throws IOException if the data directory cannot be used
  public void start() throws IOException, InterruptedException {
    tasks.add(world.start("node-status", status::run));
    tasks.add(world.start("node-lease", lease::run));
    volumes.start();
    limitPods();
    services.start();
    pods.listen(workers).start();
    tasks.add(world.start("runtime-events", this::followEvents));
    tasks.add(world.start("node-rounds", housekeeping::run));
  }

  private void limitPods() {
    try {
      qos.start(allocatable);
      events.normal("NodeAllocatableEnforced", "Updated Node Allocatable limit across pods");
    } catch (IOException e) {
      // Pods run without as well; only the machine is less safe from them.
      LOG.log(Level.WARNING, "the cgroups of all pods cannot be made: {0}", e.getMessage());
    }
  }

  /// Tells workers of what happens to their containers. What may have been missed when the stream
  /// ended is made up for by a look at everything.
  private void followEvents() {
    try {
      pods.awaitSynced();
      while (!closed.get()) {
        try (RuntimeEvents events = runtime.events()) {
          workers.lookAtAll();
          housekeeping.clearOrphans();
          while (!closed.get()) {
            RuntimeEvent event = events.next();
            workers.look(event.labels().getOrDefault(PodLabels.POD_UID, ""));
          }
        } catch (RuntimeFailure e) {
          LOG.log(Level.DEBUG, "the events of the runtime ended: {0}", e.getMessage());
          world.background().sleep(EVENTS_RETRY);
        }
      }
    } catch (InterruptedException _) {
      // closed
    }
  }

  /// Stops to work. What runs on the node goes on.
  @Override
  public void close() {
    closed.set(true);
    tasks.forEach(Task::interrupt);
    pods.close();
    services.close();
    workers.close();
    recorder.close();
  }
}

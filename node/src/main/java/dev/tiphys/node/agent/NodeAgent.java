package dev.tiphys.node.agent;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.node.cni.CniException;
import dev.tiphys.node.devices.CdiSpecs;
import dev.tiphys.node.devices.DeviceDrivers;
import dev.tiphys.node.devices.PodDevices;
import dev.tiphys.node.devices.SliceKeeper;
import dev.tiphys.node.eviction.Eviction;
import dev.tiphys.node.eviction.MachineVitals;
import dev.tiphys.node.eviction.Pressure;
import dev.tiphys.node.eviction.Vitals;
import dev.tiphys.node.machine.Machine;
import dev.tiphys.node.machine.PodCgroups;
import dev.tiphys.node.pod.Pod;
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
import dev.tiphys.node.sync.NetworkReadiness;
import dev.tiphys.node.sync.NodeContext;
import dev.tiphys.node.sync.PodMetrics;
import dev.tiphys.node.sync.PodWorkers;
import dev.tiphys.node.sync.QosCgroups;
import dev.tiphys.node.sync.ReferenceWatches;
import dev.tiphys.node.volumes.BuiltInPlugins;
import dev.tiphys.node.volumes.Claims;
import dev.tiphys.node.volumes.HostMounts;
import dev.tiphys.node.volumes.MountedSubPaths;
import dev.tiphys.node.volumes.Mounts;
import dev.tiphys.node.volumes.PodVolumes;
import dev.tiphys.node.volumes.VolumePlugin;
import dev.tiphys.node.volumes.csi.PluginConnections;
import dev.tiphys.node.volumes.csi.PluginSockets;
import dev.tiphys.node.volumes.usage.VolumeUsages;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.Gate;
import dev.tiphys.world.Loop;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

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
  private static final Duration NETWORK_RETRY = Duration.ofSeconds(1);

  private final World world;
  private final NodeSettings settings;
  private final EventRecorder recorder;
  private final NodeEvents events;
  private final Informer node;
  private final Informer pods;
  private final Informer services;
  private final NodeNetwork network;
  private final Gate nodeChanged;
  private final Machine machine;
  private final NodeObject object;
  private final StorageDrivers drivers;
  private final DeviceDrivers devices = new DeviceDrivers();
  private final PodDevices podDevices;
  private final PodMetrics metrics = new PodMetrics();
  private final SliceKeeper slices;
  private final NodeContext context;
  private final PodWorkers workers;
  private final Housekeeping housekeeping;
  private final NodeStatusLoop status;
  private final VolumeHealth health;
  private final NodeLease lease;
  private final Pressure pressure;
  private final Eviction eviction;
  private final List<SupervisedTask> tasks = new ArrayList<>();

  /// An agent that mounts nothing and limits nothing on the machine but by these means.
  ///
  /// @param network the network of Pods, which is set up once the node has its addresses
  /// @param mounts what is mounted where
  /// @param plugins reaches storage drivers; closed with the agent
  /// @param specs what drivers say that their devices are to containers
  /// @param cgroups makes the cgroups of Pods
  /// @param vitals what the machine has left
  public NodeAgent(
      World world,
      Api api,
      NodeSettings settings,
      ContainerRuntime runtime,
      NodeNetwork network,
      Mounts mounts,
      PluginConnections plugins,
      CdiSpecs specs,
      PodCgroups cgroups,
      Vitals.Source vitals) {
    this.world = world;
    this.pressure = new Pressure(world);
    this.settings = settings;
    this.recorder = new EventRecorder(world, api, "kubelet", settings.name());
    this.events = new NodeEvents(recorder, settings.name());
    this.node = selected(world, api, ApiResource.NODES, "metadata.name=" + settings.name());
    this.pods = selected(world, api, ApiResource.PODS, "spec.nodeName=" + settings.name());
    this.services = new Informer(world, api, ApiResource.SERVICES);
    this.network = network;
    this.nodeChanged = world.background().gate();
    this.machine = Machine.inspect(existing(settings));
    this.object = new NodeObject(settings, machine);
    this.drivers = new StorageDrivers(world, api, settings, mounts, plugins, recorder);
    this.slices = new SliceKeeper(world, api, settings.name(), devices);
    this.podDevices =
        new PodDevices(world, api, devices, specs, settings.directories().deviceLedger());
    this.context = context(api, runtime, mounts, cgroups);
    this.workers = new PodWorkers(context);
    this.housekeeping = new Housekeeping(context, pods, workers, drivers.metrics());
    this.status =
        new NodeStatusLoop(
            world, api, settings, pressure, object, runtime, events, drivers.volumes().inUse());
    pressure.listen(status::look);
    drivers.volumes().inUse().listen(status::look, workers::lookAtAll);
    this.eviction =
        new Eviction(
            world,
            settings,
            runtime,
            pods,
            vitals,
            pressure,
            evictor(workers),
            new PodEvents(recorder),
            resource ->
                events.warning("EvictionThresholdMet", "Attempting to reclaim " + resource));
    this.health = new VolumeHealth(world, api, pods, volumeUsages(), new PodEvents(recorder));
    this.lease = new NodeLease(world, api, settings.name());
  }

  private static Eviction.Evictor evictor(PodWorkers workers) {
    return new Eviction.Evictor() {
      @Override
      public boolean evict(Pod pod, String message, boolean forTheNode) {
        return workers.evict(pod.uid(), message, forTheNode);
      }

      @Override
      public Set<String> ending() {
        return workers.evicting();
      }
    };
  }

  /// The agent of this machine.
  public static NodeAgent ofThisMachine(
      World world, Api api, NodeSettings settings, ContainerRuntime runtime, NodeNetwork network) {
    return new NodeAgent(
        world,
        api,
        settings,
        runtime,
        network,
        new HostMounts(),
        new PluginSockets(world),
        CdiSpecs.USUAL,
        PodCgroups.ofThisMachine(),
        new MachineVitals(settings.data(), runtime.images()));
  }

  /// How full the volumes of the node's Pods are.
  public VolumeUsages volumeUsages() {
    boolean watchesHealth = settings.gates().isOn(FeatureGates.CSI_VOLUME_HEALTH);
    return new VolumeUsages(world, settings.directories(), drivers.volumes().usage(watchesHealth));
  }

  /// Tells what is done for the node's Pods, their volumes and devices.
  public void write(Exposition out) {
    metrics.write(out);
    eviction.write(out);
    drivers.metrics().write(out);
    podDevices.write(out);
  }

  /// Tells how probes of the node's containers end.
  public void writeProbes(Exposition out) {
    context.handler().counts().write(out);
  }

  private static Informer selected(World world, Api api, ApiResource resource, String fields) {
    return new Informer(world, api, resource, "", ListOptions.withFields(fields));
  }

  private static Path existing(NodeSettings settings) {
    try {
      return Files.createDirectories(settings.data());
    } catch (IOException e) {
      throw new UncheckedIOException(settings.data() + " cannot be used", e);
    }
  }

  private NodeContext context(
      Api api, ContainerRuntime runtime, Mounts mounts, PodCgroups cgroups) {
    References references = new References(api);
    PodEvents podEvents = new PodEvents(recorder);
    NameServers names = NameServers.ofThisMachine(settings.clusterDns(), settings.clusterDomain());
    ContainerSpecs containers =
        new ContainerSpecs(
            settings,
            references,
            new ServiceVariables(services),
            object.allocatable(),
            machine.memoryBytes(),
            new MountedSubPaths(settings.directories(), mounts));
    return new NodeContext(
        world,
        api,
        runtime,
        new NetworkReadiness(world, runtime),
        network.guard(),
        settings,
        names,
        new SandboxSpecs(settings, names),
        containers,
        new PodVolumes(
            new Claims(api, settings.name(), this::labels),
            settings.directories(),
            mounts,
            drivers.tokens(),
            plugins(api, references, runtime, mounts),
            drivers.metrics()),
        podDevices,
        new ReferenceWatches(world, api),
        new QosCgroups(world, cgroups, settings.cgroup(), metrics),
        new PullSecrets(references, podEvents),
        new Handler(world, runtime),
        podEvents,
        metrics,
        new NodeAdmission(settings.name(), object.allocatable(), this::labels, pressure));
  }

  private List<VolumePlugin> plugins(
      Api api, References references, ContainerRuntime runtime, Mounts mounts) {
    List<VolumePlugin> all = new ArrayList<>();
    all.addAll(
        BuiltInPlugins.of(
            world,
            api,
            references,
            drivers.tokens(),
            runtime.images(),
            settings.directories(),
            mounts));
    all.add(drivers.volumes());
    return all;
  }

  /// The newest labels of the node that are known; its own before any are.
  private Struct labels() {
    Struct known = node.find("", settings.name());
    return known == null ? object.labels() : Meta.of(known).labels();
  }

  /// Starts to work, and returns at once: the node is registered, and Pods are run, from here on.
  ///
  /// @throws IOException if the data directory cannot be used
  public void start() throws IOException, InterruptedException {
    eviction.start();
    node.listen(Informer.Listener.ofAll(_ -> nodeChanged.open())).start();
    supervise("node-status", own -> () -> status.run(own));
    supervise("node-network", own -> () -> keepNetwork(own));
    supervise("node-lease", own -> () -> lease.run(own));
    context.volumes().start();
    drivers.start();
    context.devices().start();
    limitPods();
    services.start();
    pods.listen(workers).start();
    supervise("runtime-events", own -> () -> followEvents(own));
    supervise("node-eviction", _ -> eviction::run);
    supervise("node-housekeeping", _ -> housekeeping::run);
    if (settings.gates().isOn(FeatureGates.CSI_VOLUME_HEALTH)) {
      supervise("volume-health", _ -> health::run);
    }
    supervise("plugin-registry", own -> () -> registerPlugins(own));
    supervise("device-slices", own -> () -> slices.run(own));
  }

  /// Drivers are known by objects that belong to the Node.
  private void registerPlugins(SupervisedTask own) throws InterruptedException {
    node.awaitSynced();
    while (node.find("", settings.name()) == null) {
      world.background().sleep(EVENTS_RETRY);
    }
    drivers.registry(devices, workers::lookAtAll).run(own);
  }

  private void supervise(String name, Function<SupervisedTask, Loop> loop) {
    SupervisedTask task = world.supervisor().task(name, OnFailure.RESTART);
    tasks.add(task.start(loop.apply(task)));
  }

  /// Sets the network up when the node is given its addresses, and again should they change.
  private void keepNetwork(SupervisedTask own) throws InterruptedException {
    List<String> installed = List.of();
    while (true) {
      List<String> ranges = podRanges();
      if (!ranges.isEmpty() && !ranges.equals(installed)) {
        try {
          network.install(ranges);
          installed = ranges;
          own.problem("");
          status.look();
        } catch (CniException e) {
          own.problem(String.valueOf(e.getMessage()));
          world.background().sleep(NETWORK_RETRY);
          continue;
        }
      }
      nodeChanged.await();
    }
  }

  private List<String> podRanges() {
    Struct known = node.find("", settings.name());
    return !settings.podRanges().isEmpty() || known == null
        ? settings.podRanges()
        : known.strings("spec", "podCIDRs");
  }

  private void limitPods() {
    try {
      context.cgroups().start(object.allocatable());
      events.normal("NodeAllocatableEnforced", "Updated Node Allocatable limit across pods");
    } catch (IOException e) {
      // Pods run without as well; only the machine is less safe from them.
      LOG.log(Level.WARNING, "the cgroups of all pods cannot be made: {0}", e.getMessage());
    }
  }

  /// Tells workers of what happens to their containers. What may have been missed when the stream
  /// ended is made up for by a look at everything.
  private void followEvents(SupervisedTask own) throws InterruptedException {
    pods.awaitSynced();
    while (true) {
      try (RuntimeEvents stream = context.runtime().events()) {
        own.problem("");
        workers.lookAtAll();
        housekeeping.clearOrphans();
        while (true) {
          RuntimeEvent event = stream.next();
          workers.look(event.labels().getOrDefault(PodLabels.POD_UID, ""));
        }
      } catch (RuntimeFailure e) {
        own.problem("there are no events of the runtime: " + e.getMessage());
        world.background().sleep(EVENTS_RETRY);
      }
    }
  }

  /// How many objects are watched because volumes show them.
  int watchedReferences() {
    return context.references().size();
  }

  /// Stops to work. What runs on the node goes on.
  @Override
  public void close() {
    SupervisedTask.closeAll(tasks);
    node.close();
    pods.close();
    services.close();
    workers.close();
    context.references().close();
    drivers.close();
    devices.close();
    recorder.close();
  }
}

package dev.tiphys.node.cri;

import dev.tiphys.cri.Cri;
import dev.tiphys.cri.RuntimeService;
import dev.tiphys.cri.containerd.ContainerdServices;
import dev.tiphys.cri.containerd.ContainersApi;
import dev.tiphys.grpc.GrpcClient;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.node.runtime.Container;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ContainerStats;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.node.runtime.ExecResult;
import dev.tiphys.node.runtime.ImageMounts;
import dev.tiphys.node.runtime.ImageStore;
import dev.tiphys.node.runtime.RuntimeEvents;
import dev.tiphys.node.runtime.RuntimeStatus;
import dev.tiphys.node.runtime.RuntimeVersion;
import dev.tiphys.node.runtime.Sandbox;
import dev.tiphys.node.runtime.SandboxStatus;
import dev.tiphys.node.runtime.Streams;
import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.node.runtime.spec.LinuxResources;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The runtime behind a CRI socket. containerd, that is: events come from its own event service.
///
/// Threads: any.
public final class CriRuntime implements ContainerRuntime {

  private static final System.Logger LOG = System.getLogger(CriRuntime.class.getName());

  /// Networks of their own take plugins a while; upstream waits twice the usual time.
  private static final Duration RUN_SANDBOX = CriCalls.USUAL.multipliedBy(2);

  /// For commands without a limit.
  private static final Duration LONGEST_COMMAND = Duration.ofDays(1);

  private final World world;
  private final GrpcClient client;
  private final CriCalls calls;
  private final ImageStore images;

  /// @param client to the socket; stays the caller's
  /// @param mounts what CRI has no words for
  public CriRuntime(World world, GrpcClient client, ImageMounts mounts) {
    this.world = world;
    this.client = client;
    this.calls = new CriCalls(world, client);
    this.images = new CriImages(calls, mounts);
  }

  @Override
  public void write(Exposition out) {
    calls.metrics().write(out);
  }

  @Override
  public RuntimeVersion version() throws InterruptedException {
    Cri.VersionResponse version =
        calls.call(RuntimeService.VERSION, Cri.VersionRequest.getDefaultInstance());
    return new RuntimeVersion(version.getRuntimeName(), version.getRuntimeVersion());
  }

  @Override
  public RuntimeStatus status() throws InterruptedException {
    return CriViews.status(
        calls.call(RuntimeService.STATUS, Cri.StatusRequest.getDefaultInstance()).getStatus());
  }

  @Override
  public String runSandbox(SandboxSpec spec) throws InterruptedException {
    return calls
        .change(
            RuntimeService.RUN_POD_SANDBOX,
            Cri.RunPodSandboxRequest.newBuilder()
                .setConfig(CriSpecs.sandbox(spec))
                .setRuntimeHandler(spec.handler())
                .build(),
            RUN_SANDBOX)
        .getPodSandboxId();
  }

  @Override
  public void stopSandbox(String id) throws InterruptedException {
    calls.end(
        RuntimeService.STOP_POD_SANDBOX,
        Cri.StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build(),
        CriCalls.USUAL);
  }

  @Override
  public void removeSandbox(String id) throws InterruptedException {
    stopSandbox(id);
    calls.end(
        RuntimeService.REMOVE_POD_SANDBOX,
        Cri.RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build(),
        CriCalls.USUAL);
  }

  @Override
  public List<Sandbox> sandboxes(Map<String, String> labels) throws InterruptedException {
    return calls
        .call(
            RuntimeService.LIST_POD_SANDBOX,
            Cri.ListPodSandboxRequest.newBuilder()
                .setFilter(Cri.PodSandboxFilter.newBuilder().putAllLabelSelector(labels))
                .build())
        .getItemsList()
        .stream()
        .map(CriViews::sandbox)
        .toList();
  }

  @Override
  public SandboxStatus sandboxStatus(String id) throws InterruptedException {
    return CriViews.sandboxStatus(
        calls
            .call(
                RuntimeService.POD_SANDBOX_STATUS,
                Cri.PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build())
            .getStatus());
  }

  /// The ids of all sandboxes and containers that containerd has a record of, be they complete or
  /// not. One that is being made has a record before it has a process.
  public Set<String> records() throws InterruptedException {
    try {
      return client
          .call(
              ContainerdServices.LIST_CONTAINERS,
              ContainersApi.ListContainersRequest.getDefaultInstance(),
              Map.of(ContainerdServices.NAMESPACE, ContainerdServices.KUBERNETES),
              CriCalls.USUAL)
          .getContainersList()
          .stream()
          .map(ContainersApi.Container::getId)
          .collect(Collectors.toUnmodifiableSet());
    } catch (GrpcException e) {
      throw CriCalls.failure(e);
    }
  }

  /// The network namespace that a sandbox was made with; empty if it has none of its own, or the
  /// runtime does not say.
  ///
  /// @throws dev.tiphys.node.runtime.RuntimeFailure `NOT_FOUND`
  public Optional<Path> networkNamespace(String sandboxId) throws InterruptedException {
    Cri.PodSandboxStatusResponse answer =
        calls.call(
            RuntimeService.POD_SANDBOX_STATUS,
            Cri.PodSandboxStatusRequest.newBuilder()
                .setPodSandboxId(sandboxId)
                .setVerbose(true)
                .build());
    try {
      Struct info = Json.struct(answer.getInfoOrDefault("info", "{}"));
      for (Struct namespace : info.structs("runtimeSpec", "linux", "namespaces")) {
        if (namespace.string("type").equals("network") && namespace.has("path")) {
          return Optional.of(Path.of(namespace.string("path")));
        }
      }
    } catch (EncodingException e) {
      LOG.log(Level.DEBUG, "what the runtime says of a sandbox cannot be read: {0}", e);
    }
    return Optional.empty();
  }

  @Override
  public String createContainer(String sandboxId, ContainerSpec spec, SandboxSpec sandbox)
      throws InterruptedException {
    return calls
        .change(
            RuntimeService.CREATE_CONTAINER,
            Cri.CreateContainerRequest.newBuilder()
                .setPodSandboxId(sandboxId)
                .setConfig(CriSpecs.container(spec))
                .setSandboxConfig(CriSpecs.sandbox(sandbox))
                .build())
        .getContainerId();
  }

  @Override
  public void startContainer(String id) throws InterruptedException {
    calls.change(
        RuntimeService.START_CONTAINER,
        Cri.StartContainerRequest.newBuilder().setContainerId(id).build());
  }

  @Override
  public void stopContainer(String id, Duration grace) throws InterruptedException {
    calls.end(
        RuntimeService.STOP_CONTAINER,
        Cri.StopContainerRequest.newBuilder()
            .setContainerId(id)
            .setTimeout(grace.toSeconds())
            .build(),
        grace.plus(CriCalls.USUAL));
  }

  @Override
  public void removeContainer(String id) throws InterruptedException {
    calls.end(
        RuntimeService.REMOVE_CONTAINER,
        Cri.RemoveContainerRequest.newBuilder().setContainerId(id).build(),
        CriCalls.USUAL);
  }

  @Override
  public List<Container> containers(Map<String, String> labels) throws InterruptedException {
    return calls
        .call(
            RuntimeService.LIST_CONTAINERS,
            Cri.ListContainersRequest.newBuilder()
                .setFilter(Cri.ContainerFilter.newBuilder().putAllLabelSelector(labels))
                .build())
        .getContainersList()
        .stream()
        .map(CriViews::container)
        .toList();
  }

  @Override
  public ContainerStatus containerStatus(String id) throws InterruptedException {
    return CriViews.containerStatus(
        calls
            .call(
                RuntimeService.CONTAINER_STATUS,
                Cri.ContainerStatusRequest.newBuilder().setContainerId(id).build())
            .getStatus());
  }

  @Override
  public void updateResources(String id, LinuxResources resources) throws InterruptedException {
    calls.change(
        RuntimeService.UPDATE_CONTAINER_RESOURCES,
        Cri.UpdateContainerResourcesRequest.newBuilder()
            .setContainerId(id)
            .setLinux(CriSpecs.resources(resources))
            .build());
  }

  @Override
  public void reopenLog(String id) throws InterruptedException {
    calls.change(
        RuntimeService.REOPEN_CONTAINER_LOG,
        Cri.ReopenContainerLogRequest.newBuilder().setContainerId(id).build());
  }

  @Override
  public ExecResult execSync(String id, List<String> command, Duration limit)
      throws InterruptedException {
    Cri.ExecSyncResponse result =
        calls.call(
            RuntimeService.EXEC_SYNC,
            Cri.ExecSyncRequest.newBuilder()
                .setContainerId(id)
                .addAllCmd(command)
                .setTimeout(limit.plusMillis(999).toSeconds())
                .build(),
            limit.isZero() ? LONGEST_COMMAND : limit.plus(CriCalls.USUAL));
    return new ExecResult(
        result.getExitCode(), result.getStdout().toByteArray(), result.getStderr().toByteArray());
  }

  @Override
  public URI exec(String id, List<String> command, Streams streams) throws InterruptedException {
    return URI.create(
        calls
            .call(
                RuntimeService.EXEC,
                Cri.ExecRequest.newBuilder()
                    .setContainerId(id)
                    .addAllCmd(command)
                    .setTty(streams.tty())
                    .setStdin(streams.stdin())
                    .setStdout(streams.stdout())
                    .setStderr(streams.stderr())
                    .build())
            .getUrl());
  }

  @Override
  public URI attach(String id, Streams streams) throws InterruptedException {
    return URI.create(
        calls
            .call(
                RuntimeService.ATTACH,
                Cri.AttachRequest.newBuilder()
                    .setContainerId(id)
                    .setTty(streams.tty())
                    .setStdin(streams.stdin())
                    .setStdout(streams.stdout())
                    .setStderr(streams.stderr())
                    .build())
            .getUrl());
  }

  @Override
  public URI portForward(String sandboxId, List<Integer> ports) throws InterruptedException {
    return URI.create(
        calls
            .call(
                RuntimeService.PORT_FORWARD,
                Cri.PortForwardRequest.newBuilder()
                    .setPodSandboxId(sandboxId)
                    .addAllPort(ports)
                    .build())
            .getUrl());
  }

  @Override
  public List<ContainerStats> stats(Map<String, String> labels) throws InterruptedException {
    return calls
        .call(
            RuntimeService.LIST_CONTAINER_STATS,
            Cri.ListContainerStatsRequest.newBuilder()
                .setFilter(Cri.ContainerStatsFilter.newBuilder().putAllLabelSelector(labels))
                .build())
        .getStatsList()
        .stream()
        .map(CriViews::stats)
        .toList();
  }

  @Override
  public RuntimeEvents events() throws InterruptedException {
    return CriEvents.open(world, client, this);
  }

  @Override
  public ImageStore images() {
    return images;
  }
}

package dev.tiphys.node.runtime;

import dev.tiphys.node.host.Interrupts;
import dev.tiphys.node.runtime.RuntimeEvent.Kind;
import dev.tiphys.node.runtime.RuntimeFailure.Reason;
import dev.tiphys.node.runtime.spec.ContainerSpec;
import dev.tiphys.node.runtime.spec.LinuxResources;
import dev.tiphys.node.runtime.spec.Namespaces;
import dev.tiphys.node.runtime.spec.SandboxSpec;
import dev.tiphys.world.World;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A runtime without containers, for tests of what is built on [ContainerRuntime]. It keeps the
/// whole contract, on the time of any world, and writes real log files. Its containers are told
/// what to do in the language of [FakeShell].
///
/// Threads: any.
public final class FakeRuntime implements ContainerRuntime {

  private final World world;
  private final FakeImages images;
  private final Map<String, FakeSandbox> sandboxes = new LinkedHashMap<>();
  private final Map<String, FakeContainer> containers = new LinkedHashMap<>();
  private final List<FakeEvents> listeners = new ArrayList<>();
  private volatile Duration sandboxDelay = Duration.ZERO;
  private int count;

  private record FakeSandbox(
      String id, SandboxSpec spec, Instant created, String address, boolean ready) {
    Sandbox summary() {
      return new Sandbox(id, spec.name(), ready, created, spec.labels(), spec.annotations());
    }

    FakeSandbox stopped() {
      return new FakeSandbox(id, spec, created, address, false);
    }

    boolean onNodesNetwork() {
      return spec.security().namespaces().network() == Namespaces.Mode.NODE;
    }
  }

  private volatile boolean networkReady = true;
  private int statusCalls; // one task at a time runs

  public FakeRuntime(World world) {
    this.world = world;
    this.images = new FakeImages(world);
  }

  /// Whether the runtime says that sandboxes can have a network.
  public void networkReady(boolean ready) {
    networkReady = ready;
  }

  /// How often the runtime was asked how it is.
  public int statusCalls() {
    return statusCalls;
  }

  /// Makes a running container end with this code.
  public void exit(String id, int code) {
    running(id).process.endWith(code);
  }

  /// Makes a running container end as it does when memory runs out.
  public void runOutOfMemory(String id) {
    FakeContainer container = running(id);
    synchronized (this) {
      container.reason = "OOMKilled";
    }
    tell(Kind.CONTAINER_OUT_OF_MEMORY, id, container.spec.labels());
    container.process.kill();
  }

  /// Ends the streams of events, as a runtime does that is started anew.
  public synchronized void loseEvents() {
    listeners.forEach(FakeEvents::close);
    listeners.clear();
  }

  @Override
  public RuntimeVersion version() {
    return new RuntimeVersion("fake", "1.0.0");
  }

  @Override
  public RuntimeStatus status() {
    statusCalls++;
    return new RuntimeStatus(
        List.of(
            new RuntimeStatus.Condition(RuntimeStatus.RUNTIME_READY, true, "", ""),
            new RuntimeStatus.Condition(RuntimeStatus.NETWORK_READY, networkReady, "", "")));
  }

  /// How long the making of a sandbox takes from now on.
  public void sandboxesTake(Duration span) {
    sandboxDelay = span;
  }

  @Override
  public String runSandbox(SandboxSpec spec) throws InterruptedException {
    if (sandboxDelay.isZero()) {
      return makeSandbox(spec);
    }
    return Interrupts.deferred(
        world,
        "run-sandbox",
        () -> {
          world.sleep(sandboxDelay);
          return makeSandbox(spec);
        });
  }

  private synchronized String makeSandbox(SandboxSpec spec) {
    if (sandboxes.values().stream().anyMatch(other -> other.spec.name().equals(spec.name()))) {
      throw failure(Reason.FAILED, "the name of the sandbox is taken: " + spec.name());
    }
    String id = nextId();
    String address = "10.88.%d.%d".formatted(count / 250, count % 250 + 2);
    sandboxes.put(id, new FakeSandbox(id, spec, world.now(), address, true));
    return id;
  }

  @Override
  public void stopSandbox(String id) throws InterruptedException {
    for (FakeContainer container : in(id)) {
      stopContainer(container.id, Duration.ZERO);
    }
    FakeSandbox sandbox;
    synchronized (this) {
      sandbox = sandboxes.get(id);
      if (sandbox == null || !sandbox.ready) {
        return;
      }
      sandboxes.put(id, sandbox.stopped());
    }
    tell(Kind.SANDBOX_STOPPED, id, sandbox.spec.labels());
  }

  @Override
  public void removeSandbox(String id) throws InterruptedException {
    stopSandbox(id);
    for (FakeContainer container : in(id)) {
      removeContainer(container.id);
    }
    synchronized (this) {
      sandboxes.remove(id);
    }
  }

  @Override
  public synchronized List<Sandbox> sandboxes(Map<String, String> labels) {
    return sandboxes.values().stream()
        .map(FakeSandbox::summary)
        .filter(sandbox -> sandbox.labels().entrySet().containsAll(labels.entrySet()))
        .toList();
  }

  @Override
  public synchronized SandboxStatus sandboxStatus(String id) {
    FakeSandbox sandbox = sandbox(id);
    boolean addressed = sandbox.ready && !sandbox.onNodesNetwork();
    return new SandboxStatus(
        sandbox.summary(),
        addressed ? List.of(sandbox.address) : List.of(),
        sandbox.onNodesNetwork() ? Namespaces.Mode.NODE : Namespaces.Mode.POD);
  }

  @Override
  public synchronized String createContainer(
      String sandboxId, ContainerSpec spec, SandboxSpec sandbox) {
    FakeSandbox holder = sandbox(sandboxId);
    Image image = images.find(spec.image());
    if (image == null) {
      throw failure(Reason.NOT_FOUND, "the image is not here: " + spec.image());
    }
    if (!holder.ready || in(sandboxId).stream().anyMatch(c -> c.spec.name().equals(spec.name()))) {
      throw failure(
          Reason.FAILED, "the sandbox is not ready, or the name is taken: " + spec.name());
    }
    String id = nextId();
    containers.put(id, new FakeContainer(world, id, sandboxId, spec, holder.spec, image));
    return id;
  }

  /// What a container was made from.
  public synchronized ContainerSpec spec(String id) {
    return container(id).spec;
  }

  @Override
  public void startContainer(String id) {
    FakeContainer container;
    synchronized (this) {
      container = container(id);
      if (container.state != ContainerState.CREATED) {
        throw failure(Reason.FAILED, "the container was started before");
      }
      List<String> command = container.spec.process().command();
      if (!FakeShell.knows(command)) {
        container.started = world.now();
        container.end(128, "StartError");
        container.message = "exec: \"" + command.getFirst() + "\": executable file not found";
        throw failure(Reason.FAILED, container.message);
      }
      container.state = ContainerState.RUNNING;
      container.started = world.now();
    }
    tell(Kind.CONTAINER_STARTED, id, container.spec.labels());
    container.process.start(container.spec.process().command(), code -> ended(container, code));
  }

  @Override
  public void stopContainer(String id, Duration grace) throws InterruptedException {
    FakeContainer container;
    synchronized (this) {
      container = containers.get(id);
      if (container == null || container.state != ContainerState.RUNNING) {
        return;
      }
    }
    boolean _ =
        Interrupts.deferred(
            world,
            "stop-container",
            () -> {
              container.process.terminate();
              if (grace.isZero() || !container.process.await(grace)) {
                container.process.kill();
                return container.process.await(null);
              }
              return true;
            });
  }

  @Override
  public void removeContainer(String id) throws InterruptedException {
    stopContainer(id, Duration.ZERO);
    synchronized (this) {
      containers.remove(id);
    }
  }

  @Override
  public synchronized List<Container> containers(Map<String, String> labels) {
    return containers.values().stream()
        .map(FakeContainer::summary)
        .filter(container -> container.labels().entrySet().containsAll(labels.entrySet()))
        .toList();
  }

  @Override
  public synchronized ContainerStatus containerStatus(String id) {
    return container(id).status();
  }

  @Override
  public synchronized void updateResources(String id, LinuxResources resources) {
    container(id).resources = resources;
  }

  @Override
  public void reopenLog(String id) {
    FakeContainer container = running(id); // its log is opened anew with each line
    assert container.state == ContainerState.RUNNING;
  }

  @Override
  public ExecResult execSync(String id, List<String> command, Duration limit)
      throws InterruptedException {
    running(id);
    if (!FakeShell.knows(command)) {
      throw failure(Reason.FAILED, "exec: \"" + command.getFirst() + "\": not found");
    }
    StringBuilder output = new StringBuilder();
    StringBuilder errors = new StringBuilder();
    FakeProcess process =
        new FakeProcess(
            world, (line, error) -> (error ? errors : output).append(line).append('\n'));
    process.start(command, _ -> {});
    if (!process.await(limit.isZero() ? null : limit)) {
      process.kill();
      throw failure(Reason.TIMED_OUT, "timeout " + limit + " exceeded");
    }
    return new ExecResult(
        process.exitCode(),
        output.toString().getBytes(StandardCharsets.UTF_8),
        errors.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public URI exec(String id, List<String> command, Streams streams) {
    return URI.create("http://127.0.0.1:1/exec/" + running(id).id);
  }

  @Override
  public URI attach(String id, Streams streams) {
    return URI.create("http://127.0.0.1:1/attach/" + running(id).id);
  }

  @Override
  public synchronized URI portForward(String sandboxId, List<Integer> ports) {
    return URI.create("http://127.0.0.1:1/portforward/" + sandbox(sandboxId).id);
  }

  @Override
  public synchronized List<ContainerStats> stats(Map<String, String> labels) {
    return containers.values().stream()
        .filter(container -> container.state == ContainerState.RUNNING)
        .filter(container -> container.spec.labels().entrySet().containsAll(labels.entrySet()))
        .map(
            container ->
                new ContainerStats(
                    container.id,
                    container.spec.name(),
                    container.spec.labels(),
                    new ContainerStats.Cpu(world.now(), 1_000_000),
                    new ContainerStats.Memory(world.now(), 1 << 20, null, null),
                    null))
        .toList();
  }

  @Override
  public synchronized RuntimeEvents events() {
    FakeEvents events = new FakeEvents(world);
    listeners.add(events);
    return events;
  }

  @Override
  public FakeImages images() {
    return images;
  }

  private void ended(FakeContainer container, int code) {
    synchronized (this) {
      String why = code == 0 ? "Completed" : "Error";
      container.end(code, container.reason.isEmpty() ? why : container.reason);
    }
    tell(Kind.CONTAINER_EXITED, container.id, container.spec.labels());
  }

  private void tell(Kind kind, String id, Map<String, String> labels) {
    List<FakeEvents> told;
    synchronized (this) {
      told = List.copyOf(listeners);
    }
    told.forEach(events -> events.tell(new RuntimeEvent(kind, id, labels)));
  }

  private synchronized List<FakeContainer> in(String sandboxId) {
    return containers.values().stream().filter(c -> c.sandboxId.equals(sandboxId)).toList();
  }

  private synchronized FakeContainer running(String id) {
    FakeContainer container = container(id);
    if (container.state != ContainerState.RUNNING) {
      throw failure(Reason.FAILED, "the container does not run: " + id);
    }
    return container;
  }

  private FakeContainer container(String id) {
    return known(containers.get(id), id);
  }

  private FakeSandbox sandbox(String id) {
    return known(sandboxes.get(id), id);
  }

  private static <T> T known(@Nullable T thing, String id) {
    if (thing == null) {
      throw new RuntimeFailure(Reason.NOT_FOUND, "NotFound", id + " does not exist", null);
    }
    return thing;
  }

  private String nextId() {
    return "%064x".formatted(++count);
  }

  private static RuntimeFailure failure(Reason reason, String description) {
    return new RuntimeFailure(reason, "Unknown", description, null);
  }
}

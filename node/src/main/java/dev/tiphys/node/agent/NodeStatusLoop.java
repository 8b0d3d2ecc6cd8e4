package dev.tiphys.node.agent;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.node.eviction.Pressure;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.Image;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.RuntimeStatus;
import dev.tiphys.node.runtime.RuntimeVersion;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.node.volumes.csi.VolumesInUse;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Registers the node, and keeps its status true: looks every ten seconds, and writes what changed,
/// or a sign of life after five minutes. Until the node is ready for the first time it looks at the
/// machine more often at first, since that is waited for; but it asks the API only when there is
/// something to say.
///
/// Threads: its own task; [#look] any.
final class NodeStatusLoop {
  private static final System.Logger LOG = System.getLogger(NodeStatusLoop.class.getName());
  private static final Duration PERIOD = Duration.ofSeconds(10);
  private static final Duration SIGN_OF_LIFE = Duration.ofMinutes(5);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final World world;
  private final Api api;
  private final NodeSettings settings;
  private final Pressure pressure;
  private final NodeObject object;
  private final ContainerRuntime runtime;
  private final NodeEvents events;
  private final VolumesInUse volumes;
  private final Gate news;
  private @Nullable Struct node;
  private @Nullable Instant written;
  private NodeObject.@Nullable Health writtenHealth;
  private List<String> writtenVolumes = List.of();
  private boolean wasReady;

  NodeStatusLoop(
      World world,
      Api api,
      NodeSettings settings,
      Pressure pressure,
      NodeObject object,
      ContainerRuntime runtime,
      NodeEvents events,
      VolumesInUse volumes) {
    this.world = world.background();
    this.api = api;
    this.settings = settings;
    this.pressure = pressure;
    this.object = object;
    this.runtime = runtime;
    this.events = events;
    this.volumes = volumes;
    this.news = this.world.gate();
  }

  /// Something may have changed.
  void look() {
    news.open();
  }

  void run(SupervisedTask own) throws InterruptedException {
    events.normal("Starting", "Starting kubelet.");
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        round();
        own.problem("");
      } catch (ApiException e) {
        own.problem("the status of the node is not written: " + e.message());
      }
      if (news.await(wasReady ? PERIOD : pause)) {
        pause = FIRST_PAUSE;
      } else {
        pause = shorter(pause.multipliedBy(2), PERIOD);
      }
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void round() throws InterruptedException {
    if (node == null) {
      node = register();
    }
    NodeObject.Health health = health();
    Instant now = world.now();
    List<String> inUse = volumes.now();
    boolean waits = !wasReady && health.equals(writtenHealth) && inUse.equals(writtenVolumes);
    if (waits && written != null && written.plus(PERIOD).isAfter(now)) {
      return;
    }
    // Others write to it as well. A Node that was deleted is not made again: that was meant.
    Struct before = written == null ? node : api.get(ApiResource.NODES, "", settings.name());
    Struct status =
        withVolumes(object.status(before, health, now), inUse).without("volumesAttached");
    boolean due = written == null || !written.plus(SIGN_OF_LIFE).isAfter(now);
    if (due
        || !withoutHeartbeats(status)
            .equals(withoutHeartbeats(before.struct("status")).without("volumesAttached"))) {
      node = write(status);
      reportChanges(before, status);
      written = now;
    }
    writtenHealth = health;
    writtenVolumes = inUse;
    volumes.told(inUse);
  }

  /// What is attached others say.
  private static Struct withVolumes(Struct status, List<String> inUse) {
    boolean said = !inUse.isEmpty() || status.has("volumesInUse");
    return said ? status.with("volumesInUse", inUse) : status;
  }

  private Struct register() {
    Struct found = api.find(ApiResource.NODES, "", settings.name());
    if (found == null) {
      try {
        return api.create(ApiResource.NODES, object.fresh());
      } catch (ApiException e) {
        if (!e.is(Reason.ALREADY_EXISTS)) {
          throw e;
        }
        found = api.get(ApiResource.NODES, "", settings.name());
      }
    }
    String boot = found.string("status", "nodeInfo", "bootID");
    if (!boot.isEmpty() && !boot.equals(object.bootId())) {
      events.warning(
          "Rebooted",
          "Node %s has been rebooted, boot id: %s".formatted(settings.name(), object.bootId()));
    }
    return withLabels(found);
  }

  private Struct withLabels(Struct found) {
    StructBuilder missing = new StructBuilder();
    Struct labels = Meta.of(found).labels();
    object
        .labels()
        .forEach(
            (name, value) -> {
              if (!value.equals(labels.get(name))) {
                missing.add(name, value);
              }
            });
    Struct patch = missing.build();
    return patch.isEmpty()
        ? found
        : api.patch(
            ApiResource.NODES,
            "",
            settings.name(),
            "",
            PatchType.STRATEGIC,
            Struct.of("metadata", Struct.of("labels", patch)));
  }

  private NodeObject.Health health() throws InterruptedException {
    RuntimeStatus status = null;
    RuntimeVersion version = null;
    List<Image> images = List.of();
    try {
      version = runtime.version();
      status = runtime.status();
      images = runtime.images().list();
    } catch (RuntimeFailure e) {
      LOG.log(Level.DEBUG, "the runtime does not answer: {0}", e.getMessage());
    }
    List<String> shortages = pressure.conditions();
    return new NodeObject.Health(
        status,
        version,
        images,
        shortages.contains("MemoryPressure"),
        shortages.contains("DiskPressure"));
  }

  private Struct write(Struct status) {
    return api.patch(
        ApiResource.NODES,
        "",
        settings.name(),
        "status",
        PatchType.STRATEGIC,
        Struct.of("status", status));
  }

  private static Struct withoutHeartbeats(Struct status) {
    List<Struct> conditions = new ArrayList<>();
    for (Struct condition : status.structs("conditions")) {
      conditions.add(condition.without("lastHeartbeatTime"));
    }
    return status.with("conditions", conditions);
  }

  private void reportChanges(Struct before, Struct status) {
    for (Struct condition : status.structs("conditions")) {
      String type = condition.string("type");
      Struct old = Meta.condition(before, type);
      boolean holds = condition.string("status").equals("True");
      boolean changed =
          written == null && !type.equals("Ready")
              || old == null
              || !old.string("status").equals(condition.string("status"));
      String word =
          switch (type) {
            case "MemoryPressure" ->
                holds ? "NodeHasInsufficientMemory" : "NodeHasSufficientMemory";
            case "DiskPressure" -> holds ? "NodeHasDiskPressure" : "NodeHasNoDiskPressure";
            case "PIDPressure" -> holds ? "NodeHasInsufficientPID" : "NodeHasSufficientPID";
            case "Ready" -> holds ? "NodeReady" : "NodeNotReady";
            default -> "";
          };
      if (changed && !word.isEmpty()) {
        events.normal(word, "Node %s status is now: %s".formatted(settings.name(), word));
      }
      wasReady |= type.equals("Ready") && holds;
    }
  }
}

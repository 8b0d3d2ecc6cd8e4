package dev.tiphys.preview;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.RuntimeConfig;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.controllers.ControllerManager;
import dev.tiphys.controllers.ControllerSettings;
import dev.tiphys.node.simulated.Prerequisites;
import dev.tiphys.node.simulated.SimulatedPods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.scheduler.Scheduler;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import dev.tiphys.store.embedded.EmbeddedStore;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A cluster that begins as a copy of another and goes on by itself, in memory and under virtual
/// time.
///
/// Its nodes are those of the copy. One that is ready there stays so without writing; one that is
/// lost is lost here too. What makes volumes is played. Admission webhooks are not asked, and no
/// other server is.
///
/// Threads: one, which drives the world.
final class Fork implements AutoCloseable {

  private static final long SEED = 1;

  /// Longer than any preview: nodes do not renew their leases here.
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private static final UserInfo NODES =
      UserInfo.of("nodes", UserInfo.MASTERS, UserInfo.AUTHENTICATED);

  private final ClusterCopy copy;
  private final List<AutoCloseable> parts = new ArrayList<>();
  private final VirtualWorld world;
  private final ApiServer server;
  private final Scheduler scheduler;
  private final Experience experience;
  private final List<Runnable> starts = new ArrayList<>();

  /// A fork that stands still.
  ///
  /// @param now when it goes on
  Fork(ClusterCopy copy, Instant now, SchedulerConfiguration configuration) {
    this.copy = copy;
    world = new VirtualWorld(SEED, now);
    server =
        add(
            new ApiServer(
                EmbeddedStore.inMemory(world),
                world,
                ApiServerSettings.standard()
                    .withoutPlugins("MutatingAdmissionWebhook", "ValidatingAdmissionWebhook")
                    .serving(RuntimeConfig.parse("api/all=true"), configuration.gates())));
    plant();
    ControllerManager controllers =
        add(
            new ControllerManager(
                world,
                name -> server.api(name, ControllerManager.managerOf(name)),
                settings().withFeatures(configuration.gates())));
    scheduler = add(new Scheduler(world, server.api("kube-scheduler"), configuration));
    Api api = server.api(NODES, "kubelet", "kubelet");
    Set<ApiResource> known =
        Stream.of(ApiResource.CONFIG_MAPS, ApiResource.SECRETS)
            .filter(copy::knows)
            .collect(Collectors.toSet());
    experience = new Experience(copy, new Prerequisites(api, known));
    List<Struct> ready =
        copy.of(ApiResource.NODES).stream().filter(node -> Meta.isTrue(node, "Ready")).toList();
    SimulatedPods pods = add(SimulatedPods.on(ready, world, api, experience));
    PlayedStorage storage = add(new PlayedStorage(world, server.api("storage")));
    starts.addAll(List.of(controllers::start, scheduler::start, pods::start, storage::start));
  }

  private ControllerSettings settings() {
    ControllerSettings usual = ControllerSettings.DEFAULT;
    return new ControllerSettings(
        rootCertificates(),
        usual.workers(),
        usual.nodeMonitorPeriod(),
        FOR_EVER,
        FOR_EVER,
        usual.terminatedPods(),
        usual.podRanges().of(List.of()),
        usual.signing(),
        usual.hostPaths(),
        usual.gates());
  }

  /// What Pods in new namespaces are given too: a cluster that has none gives them something to
  /// mount all the same.
  private String rootCertificates() {
    Struct published = copy.find(ApiResource.CONFIG_MAPS, "kube-system", "kube-root-ca.crt");
    return published == null ? "none" : published.string("data", "ca.crt");
  }

  private <T extends AutoCloseable> T add(T part) {
    parts.addFirst(part);
    return part;
  }

  /// Definitions come first, and are served before what they define is planted.
  private void plant() {
    for (Map.Entry<ApiResource, List<Struct>> entry : copy.objects().entrySet()) {
      boolean drivers = entry.getKey().toString().equals("csidrivers.storage.k8s.io");
      for (Struct object : entry.getValue()) {
        // Nothing reports here how much room there is for volumes of new classes.
        server.plant(
            entry.getKey(), drivers ? object.withAt(false, "spec", "storageCapacity") : object);
      }
      if (entry.getKey().equals(ApiResource.CUSTOM_RESOURCE_DEFINITIONS)) {
        world.settle();
      }
    }
  }

  /// Lets it go on, from where the copy was taken.
  void start() {
    starts.forEach(Runnable::run);
    world.settle();
  }

  VirtualWorld world() {
    return world;
  }

  /// The API for an administrator.
  Api api() {
    return server.api("preview");
  }

  /// The API for the caller of the preview, if it is known what that caller may do; for an
  /// administrator otherwise.
  Api callersApi(String manager) {
    Struct user = copy.user();
    if (user.string("username").isEmpty() || !knowsRights()) {
      return server.api("preview", manager);
    }
    UserInfo caller =
        UserInfo.of(user.string("username"), user.strings("groups").toArray(String[]::new));
    return server.api(caller, "preview", manager);
  }

  /// Whether the rules are known by which the cluster decides what the caller may do.
  boolean knowsRights() {
    return copy.unreadable().stream()
        .noneMatch(each -> each.groupVersion().group().equals("rbac.authorization.k8s.io"));
  }

  /// Puts an object into the store as it is.
  void plant(ApiResource resource, Struct object) {
    server.plant(resource, object);
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Experience experience() {
    return experience;
  }

  @Override
  public void close() {
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException("a part does not end: " + part, e);
      }
    }
    world.settle();
  }
}

package dev.tiphys.controllers;

import dev.tiphys.apiserver.ApiServer;
import dev.tiphys.apiserver.ApiServerSettings;
import dev.tiphys.apiserver.NewCluster;
import dev.tiphys.apiserver.RuntimeConfig;
import dev.tiphys.apiserver.authentication.Anonymous;
import dev.tiphys.apiserver.authentication.Authentication;
import dev.tiphys.apiserver.bootstrap.DefaultObjects.ApiServerAddress;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.world.VirtualWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;

/// An API server with all controllers, on virtual time.
public final class TestCluster implements AutoCloseable {

  /// What controllers report of faults is expected here. Held, since a logger that nothing holds
  /// forgets its level.
  private static final Logger LOG = Logger.getLogger("dev.tiphys");

  static {
    LOG.setLevel(Level.SEVERE);
  }

  private static final NewCluster USUAL = newCluster(RuntimeConfig.DEFAULT, FeatureGates.DEFAULT);

  public final VirtualWorld world;
  public final Api api;
  public final TestKubelet kubelet;
  final TestMetrics metrics;
  private final ApiServer server;
  private final Faults faults;
  private final ControllerSettings settings;
  private final ControllerMetrics counts;
  private ControllerManager manager;

  public TestCluster(long seed) {
    this(seed, ControllerSettings.DEFAULT);
  }

  public TestCluster(long seed, ControllerSettings settings) {
    this(seed, settings, Faults.NONE);
  }

  /// @param faults what goes wrong with the requests of controllers
  public TestCluster(long seed, ControllerSettings settings, Faults faults) {
    this.settings = settings;
    this.faults = faults;
    world = new VirtualWorld(seed);
    counts = new ControllerMetrics(world);
    server =
        settings.gates() == FeatureGates.DEFAULT
            ? USUAL.start(world)
            : newCluster(RuntimeConfig.parse("api/all=true"), settings.gates()).start(world);
    Authentication _ = // without it tokens cannot be reviewed
        server.authentication(List.of(), List.of(), () -> Anonymous.NOWHERE);
    api = server.api("tester");
    metrics = new TestMetrics(world, api);
    kubelet = new TestKubelet(world, server.api("kubelet"));
    manager = controllers();
    kubelet.start();
    manager.start();
    world.settle();
  }

  private static NewCluster newCluster(RuntimeConfig served, FeatureGates gates) {
    return new NewCluster(
        ApiServerSettings.standard().withoutPlugins("ServiceAccount").serving(served, gates),
        new ApiServerAddress("10.0.0.1", 6443, "10.96.0.1"));
  }

  private ControllerManager controllers() {
    return new ControllerManager(
        world,
        name ->
            faults.between(
                world,
                metrics.before(server.controllerApi(name, ControllerManager.managerOf(name)))),
        settings,
        counts);
  }

  /// What the controllers count, as a scraper is told.
  public String counted() {
    Exposition out = new Exposition();
    counts.write(out);
    return out.toString();
  }

  /// The API for a user with these groups.
  public Api apiOf(String user, String... groups) {
    List<String> all = new ArrayList<>(List.of(groups));
    all.add(UserInfo.AUTHENTICATED);
    return server.api(UserInfo.of(user, all.toArray(String[]::new)), user, user);
  }

  /// Ends all controllers.
  public void stopControllers() {
    manager.close();
    world.settle();
  }

  /// Ends all controllers and starts new ones, which know nothing.
  public void restartControllers() {
    manager.close();
    world.settle();
    manager = controllers();
    manager.start();
    world.settle();
  }

  /// An informer that sees every state of a resource, in order.
  public Informer observe(ApiResource resource, java.util.function.Consumer<Informer> check) {
    Informer informer = new Informer(world, api, resource);
    informer.listen(Informer.Listener.ofAll(_ -> check.accept(informer)));
    return informer.start();
  }

  public Struct create(ApiResource resource, String yaml) {
    return api.create(resource, Yaml.struct(yaml));
  }

  /// Changes an object as a user does, whatever else happens to it meanwhile.
  public Struct change(ApiResource resource, String name, UnaryOperator<Struct> edit) {
    while (true) {
      try {
        String namespace = resource.namespaced() ? "default" : "";
        return api.update(resource, edit.apply(api.get(resource, namespace, name)));
      } catch (ApiException e) {
        if (!e.is(Reason.CONFLICT)) {
          throw e;
        }
      }
    }
  }

  public Struct get(ApiResource resource, String name) {
    return api.get(resource, resource.namespaced() ? "default" : "", name);
  }

  /// Deletes an object, if it is there.
  public void delete(ApiResource resource, String name) {
    delete(resource, name, DeleteOptions.DEFAULT);
  }

  public void delete(ApiResource resource, String name, DeleteOptions options) {
    try {
      api.delete(resource, resource.namespaced() ? "default" : "", name, options);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  public List<Struct> list(ApiResource resource) {
    return api.list(resource, resource.namespaced() ? "default" : "", ListOptions.ALL).items();
  }

  public List<String> names(ApiResource resource) {
    return list(resource).stream().map(object -> Meta.of(object).name()).toList();
  }

  /// The ReplicaSets of the namespace, by revision.
  public List<Struct> revisions() {
    return list(ApiResource.REPLICA_SETS).stream()
        .sorted(
            Comparator.comparing(
                set ->
                    Integer.parseInt(Meta.of(set).annotation("deployment.kubernetes.io/revision"))))
        .toList();
  }

  /// What events tell of an object, as `reason: message`.
  public List<String> events(String name) {
    return list(ApiResource.EVENTS).stream()
        .filter(event -> event.string("involvedObject", "name").equals(name))
        .map(event -> event.string("reason") + ": " + event.string("message"))
        .toList();
  }

  /// Lets everything happen that happens within a time.
  public void advance(Duration span) {
    world.advance(span);
  }

  /// Lets a minute pass: time enough for whatever needs no deadline.
  public void settle() {
    world.advance(Duration.ofMinutes(1));
  }

  @Override
  public void close() {
    manager.close();
    kubelet.close();
    server.close();
    world.settle();
  }
}

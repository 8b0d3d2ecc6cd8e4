package dev.tiphys.monitoring;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.Informers;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.client.defaults.ServedKinds;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.client.leader.Leavable;
import dev.tiphys.monitoring.alerting.AlertmanagerController;
import dev.tiphys.monitoring.alerting.InstalledAlertmanager;
import dev.tiphys.monitoring.discovery.TargetFiles;
import dev.tiphys.monitoring.explanation.Explanation;
import dev.tiphys.monitoring.explanation.MonitorController;
import dev.tiphys.monitoring.jobs.ClusterJobs;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.program.ServerProgram;
import dev.tiphys.monitoring.prometheus.InstalledPrometheus;
import dev.tiphys.monitoring.prometheus.PrometheusController;
import dev.tiphys.monitoring.prometheus.PrometheusProgram;
import dev.tiphys.monitoring.prometheus.PrometheusTools;
import dev.tiphys.monitoring.prometheus.Verdicts;
import dev.tiphys.monitoring.selection.Objects;
import dev.tiphys.monitoring.server.Place;
import dev.tiphys.monitoring.server.ServerTools;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.schema.GroupVersion;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// All that a cluster needs to be monitored: the kinds of the Prometheus Operator, and what acts on
/// them. Until there is an object of theirs nothing else of it runs.
///
/// Where the Prometheus Operator itself is installed, it is left in charge.
///
/// Threads: any.
public final class Monitoring implements Leavable {

  /// What it is called in requests, and whose rights it has.
  public static final String NAME = "monitoring";

  /// The user that acts on the objects.
  public static final String USER = "system:tiphys:monitoring";

  /// What one process of a cluster holds while it works.
  public static final String LEASE = "tiphys-monitoring";

  private static final String COMPONENT = "prometheus-controller";
  private static final List<ApiResource> DEFAULTS =
      List.of(
          ApiResource.NAMESPACES,
          ApiResource.SERVICE_ACCOUNTS,
          cluster("ClusterRole", "clusterroles"),
          cluster("ClusterRoleBinding", "clusterrolebindings"),
          MonitoringResources.PROMETHEUSES);

  private final World world;
  private final Api api;
  private final DefaultObjects definitions;
  private final DefaultObjects defaults;
  private final Informers kinds;
  private final Informers around;
  private final Charge charge = new Charge();
  private final OtherOperator other;
  private final EventRecorder events;
  private final TargetFiles targets;
  private final Explanation explanation;
  private final PrometheusController prometheuses;
  private final AlertmanagerController alertmanagers;
  private final List<MonitorController> monitors = new ArrayList<>();
  private final Gate needed;
  private final Gate wanted;
  private final Gate alerting;
  private final DefaultObjects alertDefaults;
  private final List<SupervisedTask> starting;

  private Monitoring(
      World world, Api api, Place place, PrometheusProgram program, ServerProgram alertmanager) {
    this.world = world;
    this.api = api;
    this.needed = world.background().gate();
    this.wanted = world.background().gate();
    this.alerting = world.background().gate();
    this.definitions =
        new DefaultObjects(
                world,
                api,
                NAME,
                List.of(ApiResource.CUSTOM_RESOURCE_DEFINITIONS),
                Definitions.all())
            .start();
    this.defaults =
        new DefaultObjects(
            world,
            api,
            "prometheus",
            DEFAULTS,
            DefaultObjects.read(Monitoring.class, "defaults.yaml"));
    this.alertDefaults =
        new DefaultObjects(
            world,
            api,
            "alertmanager",
            List.of(ApiResource.NAMESPACES, MonitoringResources.ALERTMANAGERS),
            DefaultObjects.read(Monitoring.class, "alertmanager.yaml"));
    this.kinds = new Informers(world, api);
    this.around = new Informers(world, api);
    this.events = new EventRecorder(world, api, COMPONENT, "");
    Objects objects = new Objects(kinds, around);
    Verdicts verdicts = new Verdicts();
    this.explanation = new Explanation(objects, verdicts);
    this.targets = new TargetFiles(world, around);
    ServerTools servers = new ServerTools(world, api, objects, place, events);
    PrometheusTools tools =
        new PrometheusTools(
            servers, program, targets, verdicts, ClusterJobs::scrapeConfigs, this::alertAddresses);
    this.prometheuses = new PrometheusController(tools, charge);
    this.alertmanagers =
        new AlertmanagerController(servers, alertmanager, charge, prometheuses::look);
    objects.kind(MonitoringResources.ALERTMANAGER_CONFIGS).listen(onFirst(alerting));
    objects.kind(MonitoringResources.ALERTMANAGER_CONFIGS).listen(onFirst(needed));
    objects.kind(MonitoringResources.ALERTMANAGERS).listen(onFirst(needed));
    for (ApiResource each : MonitoringResources.ALL) {
      monitors.add(
          new MonitorController(world, api, each, objects, verdicts, explanation, events, charge));
      objects.kind(each).listen(onFirst(wanted));
      objects.kind(each).listen(onFirst(needed));
    }
    objects.prometheuses().listen(onFirst(needed));
    this.other = new OtherOperator(around.of(ApiResource.DEPLOYMENTS), charge);
    this.starting =
        List.of(
            world.supervisor().start(NAME, this::begin),
            world.supervisor().start(NAME + "-defaults", () -> makeOnce(wanted, defaults)),
            world
                .supervisor()
                .start(NAME + "-alert-defaults", () -> makeOnce(alerting, alertDefaults)));
  }

  private static ApiResource cluster(String kind, String plural) {
    return new ApiResource(GroupVersion.parse("rbac.authorization.k8s.io/v1"), plural, kind, false);
  }

  private static Informer.Listener onFirst(Gate gate) {
    return new Informer.Listener() {
      @Override
      public void added(Struct object) {
        gate.open();
      }
    };
  }

  /// Starts it.
  ///
  /// @param api as it sees the cluster
  public static Monitoring start(World world, Api api, MonitoringSettings settings) {
    return start(
        world,
        api,
        new Place(
            settings.directory(), settings.apiServer(), settings.authorities(), settings.machine()),
        new InstalledPrometheus(world, settings.programs(), settings.listen()),
        new InstalledAlertmanager(world, settings.programs(), settings.listen()));
  }

  static Monitoring start(
      World world, Api api, Place place, PrometheusProgram program, ServerProgram alertmanager) {
    return new Monitoring(world, api, place, program, alertmanager);
  }

  private List<String> alertAddresses() {
    return alertmanagers.addresses();
  }

  private void begin() throws InterruptedException {
    List<ApiResource> all = new ArrayList<>(MonitoringResources.ALL);
    all.add(MonitoringResources.PROMETHEUSES);
    all.add(MonitoringResources.ALERTMANAGERS);
    all.add(MonitoringResources.ALERTMANAGER_CONFIGS);
    ServedKinds.await(world, api, all);
    kinds.start();
    kinds.awaitSynced();
    needed.await();
    around.start();
    around.awaitSynced();
    other.look();
    prometheuses.start();
    alertmanagers.start();
    monitors.forEach(MonitorController::start);
  }

  /// Makes a default server once it is needed, unless the cluster has an operator of its own.
  private void makeOnce(Gate needed, DefaultObjects objects) throws InterruptedException {
    needed.await();
    Gate decided = world.background().gate();
    charge.onChange(decided::open);
    while (!charge.isOurs()) {
      decided.await();
    }
    objects.start();
  }

  /// Where the default Prometheus answers, if it does.
  public Optional<URI> address() {
    return prometheuses.address(Prometheus.DEFAULT).map(Monitoring::uri);
  }

  private static URI uri(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return URI.create(
        "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, address.getPort()));
  }

  /// Whether a Prometheus answers at an address (`host:port`), and is meant by a Service.
  public boolean isServed(ObjectKey service, String address) {
    return prometheuses.isServed(service, address);
  }

  /// What there is to know of an object that says what is scraped: see [Explanation].
  public Explanation explanation() {
    return explanation;
  }

  @Override
  public String leftTo() {
    return charge.other().orElse("");
  }

  @Override
  public void close() {
    SupervisedTask.closeAll(starting);
    monitors.forEach(MonitorController::close);
    prometheuses.close();
    alertmanagers.close();
    targets.close();
    around.close();
    kinds.close();
    events.close();
    alertDefaults.close();
    defaults.close();
    definitions.close();
  }
}

package dev.tiphys.delivery;

import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.REPLICA_SETS;
import static dev.tiphys.client.ApiResource.SERVICES;
import static dev.tiphys.delivery.model.DeliveryResources.ANALYSIS_RUNS;
import static dev.tiphys.delivery.model.DeliveryResources.ANALYSIS_TEMPLATES;
import static dev.tiphys.delivery.model.DeliveryResources.ROLLOUTS;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.controllers.ControllerSettings;
import dev.tiphys.controllers.Faults;
import dev.tiphys.controllers.TestCluster;
import dev.tiphys.delivery.measuring.Providers;
import dev.tiphys.delivery.measuring.providers.JobProvider;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.traffic.Routers;
import dev.tiphys.delivery.traffic.istio.IstioRouter;
import dev.tiphys.delivery.traffic.nginx.NginxRouter;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A cluster on virtual time that has Rollouts, and one Rollout `web` in it; with what people send
/// to it.
final class RolloutCluster implements AutoCloseable {

  static final String USER = "system:tiphys:rollouts";

  final TestCluster cluster;
  private final Api own;

  /// What shares traffic out for Rollouts that have the plugin `test`.
  final FakeRouter router = new FakeRouter();

  /// What measures for metrics of the provider `test`.
  final FakeProvider provider;

  private Rollouts rollouts;

  RolloutCluster(long seed) {
    this(seed, Faults.NONE);
  }

  RolloutCluster(long seed, Faults faults) {
    cluster = new TestCluster(seed, ControllerSettings.DEFAULT);
    own = faults.between(cluster.world, cluster.apiOf(USER));
    provider = new FakeProvider(cluster.world);
    rollouts = started();
    cluster.advance(Duration.ofSeconds(30)); // the kinds are made, and their objects listed
  }

  private Routers routers() {
    return new Routers(
        Map.of("plugins/test", router, "istio", IstioRouter::new, "nginx", NginxRouter::new));
  }

  /// A controller that knows nothing takes over.
  void restartController() {
    rollouts.close();
    cluster.world.settle();
    rollouts = started();
  }

  private Rollouts started() {
    return Rollouts.start(
        cluster.world,
        own,
        routers(),
        informers ->
            new Providers(
                Map.of(
                    "test",
                    provider,
                    "job",
                    new JobProvider(cluster.world, own, informers.of(ApiResource.JOBS)))));
  }

  /// An AnalysisTemplate whose measurements end as tests say.
  ///
  /// @param more further fields of its only metric
  void template(String name, String more) {
    cluster.create(
        ANALYSIS_TEMPLATES,
        """
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata: {name: %s, namespace: default}
        spec: {metrics: [{name: errors, %s provider: {test: {}}}]}
        """
            .formatted(name, more));
  }

  /// The measurements that a run takes now end.
  void end(String run, String phase, String message) {
    provider.end(run, phase, message);
    cluster.change(
        ANALYSIS_RUNS, run, object -> Meta.withAnnotation(object, "test", phase + message));
  }

  void service(String name) {
    cluster.create(
        SERVICES,
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %s, namespace: default}
        spec: {selector: {app: web}, ports: [{port: 80}]}
        """
            .formatted(name));
  }

  /// A Rollout `web` of `web:1`.
  ///
  /// @param strategy the lines below `strategy:`
  void rollout(int replicas, String strategy) {
    rollout(replicas, strategy, "{}");
  }

  /// @param more further fields of its spec
  void rollout(int replicas, String strategy, String more) {
    Struct spec =
        Yaml.struct(
            """
            apiVersion: argoproj.io/v1alpha1
            kind: Rollout
            metadata: {name: web, namespace: default}
            spec:
              replicas: %d
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec: {containers: [{name: app, image: "web:1"}]}
              strategy:
            %s
            """
                .formatted(replicas, strategy.indent(4)));
    Struct others = Yaml.struct(more);
    for (String name : others.names()) {
      spec = spec.withAt(others.get(name), "spec", name);
    }
    cluster.api.create(ROLLOUTS, spec);
    cluster.settle();
  }

  /// New Pods of these images become ready no more.
  void breakImages(String... images) {
    List<String> broken = List.of(images);
    cluster.kubelet.letWork(pod -> !broken.contains(imageOf(pod.struct("spec"))));
  }

  static String imageOf(Struct podSpec) {
    return podSpec.structs("containers").getFirst().string("image");
  }

  void image(String image) {
    cluster.change(
        ROLLOUTS,
        "web",
        rollout ->
            rollout.withAt(
                List.of(Struct.of("name", "app", "image", image)),
                "spec",
                "template",
                "spec",
                "containers"));
  }

  void scale(long replicas) {
    cluster.change(ROLLOUTS, "web", rollout -> rollout.withAt(replicas, "spec", "replicas"));
  }

  void set(Object value, String... path) {
    cluster.change(ROLLOUTS, "web", rollout -> rollout.withAt(value, path));
  }

  void patchStatus(Struct status) {
    cluster.api.patch(
        ROLLOUTS, "default", "web", "status", PatchType.MERGE, Struct.of("status", status));
  }

  void abort() {
    patchStatus(Struct.of("abort", true));
  }

  void retry() {
    patchStatus(Struct.of("abort", false));
  }

  void promoteFully() {
    patchStatus(Struct.of("promoteFull", true));
  }

  /// As `kubectl argo rollouts promote` does.
  void promote() {
    Struct status = get().struct("status");
    Struct unpaused = Struct.of("pauseConditions", Null.NULL);
    boolean skips = status.structs("pauseConditions").isEmpty() && status.has("currentStepIndex");
    patchStatus(
        skips
            ? unpaused.with("currentStepIndex", status.integer("currentStepIndex") + 1)
            : unpaused);
    if (get().bool("spec", "paused")) {
      set(false, "spec", "paused");
    }
  }

  /// As `kubectl argo rollouts undo` does.
  void undo() {
    List<ReplicaSet> byRevision =
        sets().stream()
            .filter(set -> set.revision() > 0) // others are of Experiments
            .sorted(ReplicaSet.BY_REVISION.reversed())
            .toList();
    if (byRevision.size() < 2) {
      return;
    }
    Struct template = byRevision.get(1).template();
    Struct labels = template.struct("metadata", "labels").without(Labels.HASH);
    set(template.withAt(labels, "metadata", "labels"), "spec", "template");
  }

  Struct get() {
    return cluster.get(ROLLOUTS, "web");
  }

  Struct status() {
    return get().struct("status");
  }

  /// The phase, and the message if there is one: `Paused CanaryPauseStep`.
  String phase() {
    return (status().string("phase") + " " + status().string("message")).strip();
  }

  List<ReplicaSet> sets() {
    return cluster.list(REPLICA_SETS).stream().map(ReplicaSet::new).toList();
  }

  /// The revision whose Pods run an image.
  ReplicaSet of(String image) {
    return sets().stream()
        .filter(set -> imageOf(set.template().struct("spec")).equals(image))
        .findFirst()
        .orElseThrow();
  }

  long size(String image) {
    return of(image).replicas();
  }

  /// The image of the Pods that a Service selects; empty if it selects no revision.
  String served(String service) {
    String hash = cluster.get(SERVICES, service).string("spec", "selector", Labels.HASH);
    return sets().stream()
        .filter(set -> set.hash().equals(hash))
        .map(set -> imageOf(set.template().struct("spec")))
        .findFirst()
        .orElse("");
  }

  String condition(String type) {
    Struct condition = Meta.condition(get(), type);
    return condition == null
        ? ""
        : condition.string("status")
            + " "
            + condition.string("reason")
            + " "
            + condition.string("message");
  }

  List<Struct> pods() {
    return cluster.list(PODS);
  }

  /// What is counted and told, as Prometheus reads it.
  String metrics() {
    Exposition out = new Exposition();
    rollouts.write(out);
    return out.toString();
  }

  List<String> events() {
    return cluster.events("web");
  }

  void settle() {
    cluster.settle();
  }

  void advance(long seconds) {
    cluster.advance(Duration.ofSeconds(seconds));
  }

  @Override
  public void close() {
    rollouts.close();
    cluster.close();
  }
}

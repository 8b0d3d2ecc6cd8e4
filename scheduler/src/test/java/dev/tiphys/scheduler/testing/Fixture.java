package dev.tiphys.scheduler.testing;

import dev.tiphys.client.Api;
import dev.tiphys.client.Informers;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeFacts;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplates;
import dev.tiphys.scheduler.config.SchedulerConfiguration;
import dev.tiphys.scheduler.evaluation.Evaluation;
import dev.tiphys.scheduler.evaluation.Evaluations;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.framework.Handle;
import dev.tiphys.scheduler.framework.Profile;
import dev.tiphys.scheduler.framework.WaitingPod;
import dev.tiphys.scheduler.metrics.SchedulerMetrics;
import dev.tiphys.scheduler.plugins.DefaultPlugins;
import dev.tiphys.scheduler.plugins.preemption.VictimAdviser;
import dev.tiphys.scheduler.profiles.ProfileBuilder;
import dev.tiphys.scheduler.reports.EventBroadcaster;
import dev.tiphys.scheduler.verdict.Slots;
import dev.tiphys.world.VirtualWorld;
import dev.tiphys.world.World;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// A cluster without an API, and what the plugins make of it.
public final class Fixture {

  public final Cluster cluster;
  public final Nominations nominations;
  public final CycleState state = new CycleState();
  public final VirtualWorld world = new VirtualWorld(1);
  private final PodTemplates templates = new PodTemplates();
  private int pods;

  public Fixture() {
    this(new Cluster());
  }

  public Fixture(Cluster cluster) {
    this.cluster = cluster;
    this.nominations = new Nominations(cluster);
  }

  /// A struct, written as JSON with single quotes.
  public static Struct json(String text) {
    return Json.struct(text.replace('\'', '"'));
  }

  /// Adds a node with 4 CPUs, 8 GiB and room for 10 Pods, or changes it.
  ///
  /// @param labels fields of an object
  /// @param more fields of the node, `spec` for one
  public NodeInfo node(String name, String labels, String more) {
    return node(
        name, labels, more, "'allocatable':{'cpu':'4','memory':'8Gi','pods':'10','gpu/a':'2'}");
  }

  /// @param status fields of its status
  public NodeInfo node(String name, String labels, String more, String status) {
    cluster.describe(
        NodeFacts.of(
            json(
                "{'metadata':{'name':'"
                    + name
                    + "','labels':{"
                    + labels
                    + "}}"
                    + (more.isEmpty() ? "" : "," + more)
                    + ",'status':{"
                    + status
                    + "}}")));
    return cluster.node(name);
  }

  public NodeInfo node(String name) {
    return node(name, "'kubernetes.io/hostname':'" + name + "'", "");
  }

  /// A Pod with a uid of its own in the namespace `default`.
  ///
  /// @param labels fields of an object
  /// @param spec fields of an object
  public PodInfo pod(String labels, String spec) {
    pods++;
    return PodInfo.of(
        json(
            "{'metadata':{'name':'pod-"
                + pods
                + "','namespace':'default','uid':'"
                + pods
                + "','resourceVersion':'"
                + pods
                + "','labels':{"
                + labels
                + "}},'spec':{'schedulerName':'default-scheduler'"
                + (spec.isEmpty() ? "" : ",")
                + spec
                + "}}"),
        templates);
  }

  /// A later state of a Pod.
  public PodInfo changed(PodInfo before, Struct now) {
    pods++;
    return PodInfo.of(now.withAt(String.valueOf(pods), "metadata", "resourceVersion"), templates);
  }

  /// Adds a Pod that is on a node.
  public PodInfo placed(String node, String labels, String spec) {
    PodInfo pod = pod(labels, spec + (spec.isEmpty() ? "" : ",") + "'nodeName':'" + node + "'");
    cluster.put(pod);
    return pod;
  }

  /// The default plugins, set up as a configuration says.
  ///
  /// @param profile fields of a profile, as YAML
  public Profile profile(String profile) {
    SchedulerConfiguration configuration =
        SchedulerConfiguration.parse(
            "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\nprofiles:"
                + " [{"
                + profile
                + "}]");
    return ProfileBuilder.build(
        configuration.profiles().getFirst(),
        DefaultPlugins.all(VictimAdviser.NONE),
        handle(),
        configuration.nodesToScore());
  }

  public Evaluation evaluation(PodInfo pod) {
    return evaluation(pod, "");
  }

  public Evaluation evaluation(PodInfo pod, String profile) {
    return new Evaluations(profile(profile), cluster).of(pod);
  }

  /// What plugins have to work with; there is no API behind it.
  public Handle handle() {
    return new NoApi();
  }

  /// The names of the nodes that a Pod can run on.
  public List<String> feasible(PodInfo pod) {
    Slots found = evaluation(pod).feasible(state, pod, nominations);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      names.add(cluster.nodeAt(found.at(i)).name());
    }
    names.sort(null);
    return names;
  }

  /// Why a Pod can run on no node.
  public String message(PodInfo pod) {
    Evaluation evaluation = evaluation(pod);
    evaluation.feasible(state, pod, nominations);
    return evaluation.diagnosis(pod, nominations).message(cluster.nodes().size());
  }

  /// The name of the best node for a Pod.
  public String best(PodInfo pod) {
    Evaluation evaluation = evaluation(pod);
    evaluation.feasible(state, pod, nominations);
    return cluster.nodeAt(evaluation.best(state, pod, new SplittableRandom(1))).name();
  }

  private final class NoApi implements Handle {
    private final Api api =
        (Api)
            Proxy.newProxyInstance(
                Api.class.getClassLoader(),
                new Class<?>[] {Api.class},
                (_, method, _) -> {
                  throw new IllegalStateException("nothing may ask the API: " + method);
                });
    private final Informers informers = new Informers(world, api);
    private final RandomGenerator random = new SplittableRandom(1);

    @Override
    public World world() {
      return world;
    }

    @Override
    public Api api() {
      return api;
    }

    @Override
    public Informers informers() {
      return informers;
    }

    @Override
    public Cluster cluster() {
      return cluster;
    }

    @Override
    public Nominations nominations() {
      return nominations;
    }

    @Override
    public EventBroadcaster events() {
      throw new IllegalStateException("nothing is recorded");
    }

    @Override
    public SchedulerMetrics metrics() {
      return new SchedulerMetrics();
    }

    @Override
    public RandomGenerator random() {
      return random;
    }

    @Override
    public String scheduler() {
      return "default-scheduler";
    }

    @Override
    public void write(PodInfo pod, Runnable write) {
      throw new IllegalStateException("nothing is written");
    }

    @Override
    public void post(Runnable change) {
      change.run();
    }

    @Override
    public void activate(PodInfo pod) {
      throw new IllegalStateException("nothing is activated");
    }

    @Override
    public Collection<WaitingPod> waitingPods() {
      return List.of();
    }
  }
}

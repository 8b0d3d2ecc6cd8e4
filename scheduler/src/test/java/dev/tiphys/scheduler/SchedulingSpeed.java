package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;

import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeFacts;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.Nominations;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.cluster.PodTemplates;
import dev.tiphys.scheduler.cluster.SpreadConstraint;
import dev.tiphys.scheduler.decisions.Attempt;
import dev.tiphys.scheduler.decisions.Attempt.Outcome;
import dev.tiphys.scheduler.decisions.DecisionLog;
import dev.tiphys.scheduler.decisions.Roster;
import dev.tiphys.scheduler.evaluation.Evaluation;
import dev.tiphys.scheduler.extenders.Advice;
import dev.tiphys.scheduler.framework.CycleState;
import dev.tiphys.scheduler.testing.Fixture;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Measures how many Pods a second the scheduling task could place, and write down why, if nothing
/// else took time. Run it by hand: `java ... dev.tiphys.scheduler.SchedulingSpeed [nodes] [pods]`.
final class SchedulingSpeed {

  private SchedulingSpeed() {}

  public static void main(String[] arguments) {
    int nodes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
    int pods = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5_000;
    World world = new RealWorld();
    for (int round = 0; round < 5; round++) {
      long parsing = world.nanoTime();
      Cluster cluster = new Cluster();
      for (int i = 0; i < nodes; i++) {
        cluster.describe(NodeFacts.of(node(i)));
      }
      PodTemplates templates = new PodTemplates();
      List<PodInfo> waiting = new ArrayList<>();
      for (int i = 0; i < pods; i++) {
        waiting.add(PodInfo.of(pod(i), templates));
      }
      long start = world.nanoTime();
      Fixture fixture = new Fixture(cluster);
      Evaluation evaluation =
          new Evaluation(fixture.profile(""), spread(waiting.getFirst().template()), cluster);
      Nominations nominations = new Nominations(cluster);
      DecisionLog log = new DecisionLog();
      Roster roster = new Roster(cluster);
      SplittableRandom random = new SplittableRandom(round);
      for (PodInfo pod : waiting) {
        CycleState state = new CycleState();
        evaluation.feasible(state, pod, nominations);
        NodeInfo node = cluster.nodeAt(evaluation.best(state, pod, random));
        Outcome placed = new Outcome.Placed(node.name(), nodes, evaluation.ranking());
        log.note(
            pod,
            new Attempt(world.now(), 1, placed, nodes, List.of()),
            evaluation.found(roster.names(), Advice.Given.NONE));
        cluster.assume(pod, node);
      }
      long nanos = world.nanoTime() - start;
      System.out.printf(
          "%d pods onto %d nodes: %.1f us a pod, %.0f pods/s (reading them: %.1f us a pod)%n",
          pods, nodes, nanos / 1e3 / pods, pods * 1e9 / nanos, (start - parsing) / 1e3 / pods);
    }
  }

  private static PodTemplate spread(PodTemplate template) {
    LabelSelector together = LabelSelector.ofLabels(Struct.of("app", "web"));
    return template.spreadBy(
        SpreadConstraint.systemDefaults().stream()
            .map(constraint -> constraint.about(together))
            .toList(),
        -1);
  }

  private static Struct node(int number) {
    return json(
        "{'metadata':{'name':'node-"
            + number
            + "','labels':{'kubernetes.io/hostname':'node-"
            + number
            + "'}},'status':{'allocatable':{'cpu':'8','memory':'32Gi','pods':'110'}}}");
  }

  private static Struct pod(int number) {
    return json(
        "{'metadata':{'name':'web-"
            + number
            + "','namespace':'default','uid':'u"
            + number
            + "','labels':{'app':'web'}},'spec':{'containers':[{'name':'main','image':'nginx',"
            + "'resources':{'requests':{'cpu':'100m','memory':'64Mi'}}}]}}");
  }
}

package dev.tiphys.scheduler.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.decisions.Roster;
import dev.tiphys.scheduler.decisions.Table;
import dev.tiphys.scheduler.extenders.Advice;
import dev.tiphys.scheduler.testing.Fixture;
import dev.tiphys.scheduler.verdict.Diagnosis;
import dev.tiphys.scheduler.verdict.Slots;
import dev.tiphys.world.Rounds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// On random clusters, whatever has happened before, the fast way refuses what the plain way
/// refuses, with the same reasons, and chooses one of the nodes that the plain way scores best.
class OracleTest {

  private static final int STEPS = 60;

  private final Fixture fixture = new Fixture();
  private final Evaluations evaluations = new Evaluations(fixture.profile(""), fixture.cluster);
  private final Map<String, Struct> nodes = new TreeMap<>();
  private final Map<String, PodInfo> placed = new HashMap<>();
  private final Map<String, Struct> namespaces =
      Map.of(
          "default", Struct.of("team", "x"),
          "other", Struct.of("team", "y"));
  private final Roster roster = new Roster(fixture.cluster);
  private final List<Table> tables = new ArrayList<>();
  private final List<List<Struct>> asWritten = new ArrayList<>();
  private int names;

  static LongStream seeds() {
    return LongStream.range(0, Rounds.of("tiphys.seeds", 60));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theFastWayDecidesAsThePlainWay(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    namespaces.forEach(fixture.cluster::describeNamespace);
    IntStream.range(0, 4).forEach(_ -> addNode(random));
    for (int step = 0; step < STEPS; step++) {
      String as = "seed " + seed + ", step " + step;
      happen(random);
      decide(random, as);
    }
    for (int i = 0; i < tables.size(); i++) {
      assertThat(tables.get(i).tree())
          .as("record %d of seed %d", i, seed)
          .isEqualTo(asWritten.get(i));
    }
  }

  /// What is written down of a try is what the plain way finds, and stays so.
  private void isWritten(
      Table table, Map<String, String> verdicts, Map<String, Long> scores, String as) {
    Map<String, Struct> written = new TreeMap<>();
    table.tree().forEach(node -> written.put(node.string("name"), node));
    assertThat(written.keySet()).as(as).isEqualTo(verdicts.keySet());
    written.forEach(
        (name, node) -> {
          assertThat(node.bool("feasible")).as(as + name).isEqualTo(verdicts.get(name).isEmpty());
          assertThat(node.structs("filters").stream().flatMap(f -> f.strings("reasons").stream()))
              .as(as + name)
              .containsExactlyElementsOf(
                  verdicts.get(name).isEmpty()
                      ? List.of()
                      : List.of(verdicts.get(name).split(", ")));
          if (scores.size() > 1 && node.bool("feasible")) {
            assertThat(node.integer("score")).as(as + name).isEqualTo(scores.get(name));
          }
        });
    tables.add(table);
    asWritten.add(table.tree());
  }

  private void happen(SplittableRandom random) {
    switch (random.nextInt(12)) {
      case 0 -> addNode(random);
      case 1, 2 -> {
        if (!nodes.isEmpty()) {
          node(any(nodes.keySet().stream().toList(), random), random);
        }
      }
      case 3 -> {
        if (nodes.size() > 3) {
          String name = any(nodes.keySet().stream().toList(), random);
          nodes.remove(name);
          fixture.cluster.forgetNode(name);
        }
      }
      case 4, 5 -> {
        if (!placed.isEmpty()) {
          String uid = any(placed.keySet().stream().sorted().toList(), random);
          fixture.cluster.remove(placed.remove(uid));
        }
      }
      default -> {}
    }
  }

  private void addNode(SplittableRandom random) {
    node("n" + names++, random);
  }

  private void node(String name, SplittableRandom random) {
    String labels =
        "'kubernetes.io/hostname':'"
            + name
            + "'"
            + (random.nextInt(5) == 0 ? "" : ",'zone':'" + random.nextInt(3) + "'")
            + (random.nextBoolean() ? ",'disk':'ssd'" : "");
    String taints =
        switch (random.nextInt(5)) {
          case 0 -> "{'key':'a','effect':'NoSchedule'}";
          case 1 ->
              "{'key':'a','effect':'PreferNoSchedule'},{'key':'b','effect':'PreferNoSchedule'}";
          default -> "";
        };
    String spec =
        "'spec':{'unschedulable':" + (random.nextInt(9) == 0) + ",'taints':[" + taints + "]}";
    int cores = 1 + random.nextInt(6);
    String status =
        "'allocatable':{'cpu':'"
            + cores
            + "','memory':'"
            + (1 + random.nextInt(8))
            + "Gi','pods':'"
            + (2 + random.nextInt(8))
            + "'"
            + (random.nextInt(3) == 0 ? ",'a.example/gpu':'2'" : "")
            + "}";
    fixture.node(name, labels, spec, status);
    nodes.put(
        name,
        Fixture.json(
            "{'metadata':{'name':'"
                + name
                + "','labels':{"
                + labels
                + "}},"
                + spec
                + ",'status':{"
                + status
                + "}}"));
  }

  private static <T> T any(List<T> list, SplittableRandom random) {
    return list.get(random.nextInt(list.size()));
  }

  private void decide(SplittableRandom random, String as) {
    PodInfo pod = pod(random);
    List<Struct> running = new ArrayList<>();
    placed.values().forEach(each -> running.add(each.object()));
    PlainScheduler plain = new PlainScheduler(List.copyOf(nodes.values()), running, namespaces);
    Map<String, String> verdicts = plain.verdicts(pod.object());

    Evaluation evaluation = evaluations.of(pod);
    Slots feasible = evaluation.feasible(fixture.state, pod, fixture.nominations);
    List<String> found = new ArrayList<>();
    for (int i = 0; i < feasible.size(); i++) {
      found.add(fixture.cluster.nodeAt(feasible.at(i)).name());
    }
    List<String> expected =
        verdicts.keySet().stream().filter(name -> verdicts.get(name).isEmpty()).toList();
    assertThat(found).as(as + " " + pod.object()).containsExactlyInAnyOrderElementsOf(expected);
    if (found.isEmpty()) {
      Diagnosis diagnosis = evaluation.diagnosis(pod, fixture.nominations);
      assertThat(diagnosis.message(nodes.size())).as(as).isEqualTo(message(verdicts));
      isWritten(evaluation.found(roster.names(), diagnosis), verdicts, Map.of(), as);
    } else {
      NodeInfo best = fixture.cluster.nodeAt(evaluation.best(fixture.state, pod, random));
      Map<String, Long> scores = plain.scores(pod.object());
      long most = scores.values().stream().mapToLong(Long::longValue).max().orElseThrow();
      assertThat(scores.get(best.name())).as("%s %s of %s", as, best, scores).isEqualTo(most);
      isWritten(evaluation.found(roster.names(), Advice.Given.NONE), verdicts, scores, as);
      place(pod, best);
    }
  }

  private void place(PodInfo pod, NodeInfo node) {
    PodInfo there = fixture.changed(pod, pod.object().withAt(node.name(), "spec", "nodeName"));
    fixture.cluster.put(there);
    placed.put(pod.uid(), there);
  }

  private static String message(Map<String, String> verdicts) {
    Map<String, Integer> counts = new HashMap<>();
    for (String verdict : verdicts.values()) {
      for (String reason : verdict.split(", ")) {
        counts.merge(reason, 1, Integer::sum);
      }
    }
    List<String> parts = new ArrayList<>();
    counts.forEach((reason, count) -> parts.add(count + " " + reason));
    parts.sort(null);
    return "0/" + verdicts.size() + " nodes are available: " + String.join(", ", parts) + ".";
  }

  private PodInfo pod(SplittableRandom random) {
    List<String> spec = new ArrayList<>();
    String requests =
        switch (random.nextInt(4)) {
          case 0 -> "";
          case 1 -> "'cpu':'" + (100 + 100 * random.nextInt(15)) + "m'";
          case 2 -> "'cpu':'500m','memory':'" + (100 + 100 * random.nextInt(9)) + "Mi'";
          default -> random.nextInt(3) == 0 ? "'a.example/gpu':'1'" : "'memory':'256Mi'";
        };
    String port = random.nextInt(8) == 0 ? ",'ports':[{'hostPort':8080}]" : "";
    spec.add("'containers':[{'resources':{'requests':{" + requests + "}}" + port + "}]");
    if (random.nextInt(3) == 0) {
      spec.add("'tolerations':[{'key':'a','operator':'Exists'}]");
    }
    if (random.nextInt(5) == 0) {
      spec.add("'nodeSelector':{'disk':'ssd'}");
    }
    if (random.nextInt(3) == 0) {
      spec.add("'topologySpreadConstraints':[" + constraint(random) + "]");
    }
    spec.add("'affinity':{" + affinity(random) + "}");
    String namespace = random.nextInt(4) == 0 ? "other" : "default";
    PodInfo made = fixture.pod("'app':'" + random.nextInt(3) + "'", String.join(",", spec));
    return fixture.changed(made, made.object().withAt(namespace, "metadata", "namespace"));
  }

  private static String key(SplittableRandom random) {
    return random.nextBoolean() ? "zone" : "kubernetes.io/hostname";
  }

  private static String selector(SplittableRandom random) {
    return "'labelSelector':{'matchLabels':{'app':'" + random.nextInt(3) + "'}}";
  }

  private static String constraint(SplittableRandom random) {
    return "{'maxSkew':"
        + (1 + random.nextInt(2))
        + ",'topologyKey':'"
        + key(random)
        + "','whenUnsatisfiable':'"
        + (random.nextBoolean() ? "DoNotSchedule" : "ScheduleAnyway")
        + "',"
        + selector(random)
        + (random.nextInt(3) == 0 ? ",'nodeAffinityPolicy':'Ignore'" : "")
        + (random.nextInt(3) == 0 ? ",'nodeTaintsPolicy':'Honor'" : "")
        + "}";
  }

  private static String affinity(SplittableRandom random) {
    List<String> parts = new ArrayList<>();
    if (random.nextInt(5) == 0) {
      parts.add(
          "'nodeAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':"
              + (1 + random.nextInt(50))
              + ",'preference':{'matchExpressions':[{'key':'disk','operator':'In','values':['ssd']}]"
              + "}}]}");
    }
    for (String kind : List.of("podAffinity", "podAntiAffinity")) {
      switch (random.nextInt(6)) {
        case 0 ->
            parts.add(
                "'"
                    + kind
                    + "':{'requiredDuringSchedulingIgnoredDuringExecution':["
                    + term(random)
                    + "]}");
        case 1 ->
            parts.add(
                "'"
                    + kind
                    + "':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':"
                    + (1 + random.nextInt(50))
                    + ",'podAffinityTerm':"
                    + term(random)
                    + "}]}");
        default -> {}
      }
    }
    return String.join(",", parts);
  }

  private static String term(SplittableRandom random) {
    String reach =
        switch (random.nextInt(4)) {
          case 0 -> ",'namespaces':['other']";
          case 1 -> ",'namespaceSelector':{'matchLabels':{'team':'x'}}";
          default -> "";
        };
    return "{'topologyKey':'" + key(random) + "'," + selector(random) + reach + "}";
  }
}

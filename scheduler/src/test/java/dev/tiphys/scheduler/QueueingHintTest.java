package dev.tiphys.scheduler;

import static dev.tiphys.scheduler.TestCluster.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.ListOptions;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A Pod that waits is tried again within its back-off when something happens that helps it, with
/// nothing else going on in the cluster; and not for anything else.
class QueueingHintTest {

  private static final Duration BACKOFF = Duration.ofSeconds(2);
  private static final String ZONE =
      "'labelSelector':{'matchLabels':{'app':'db'}},'topologyKey':'zone'";
  private static final String NEAR =
      "'affinity':{'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{"
          + ZONE
          + "}]}}";
  private static final String FAR = NEAR.replace("podAffinity", "podAntiAffinity");
  private static final String SPREAD =
      "'topologySpreadConstraints':[{'maxSkew':1,'whenUnsatisfiable':'DoNotSchedule',"
          + ZONE
          + "}]";
  private static final String PORT =
      "'containers':[{'name':'c','image':'i','ports':[{'containerPort':80,'hostPort':80}]}]";

  private final TestCluster cluster = new TestCluster(1);

  @AfterEach
  void close() {
    cluster.close();
  }

  /// What keeps the Pod `web` waiting, what does not help it, and what does.
  record Case(
      String name,
      Consumer<TestCluster> before,
      Consumer<TestCluster> idle,
      Consumer<TestCluster> help) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Struct node(TestCluster cluster) {
    return cluster.api.get(ApiResource.NODES, "", "n");
  }

  private static void label(TestCluster cluster, String key, String value) {
    cluster.api.update(ApiResource.NODES, node(cluster).withAt(value, "metadata", "labels", key));
  }

  private static void annotate(TestCluster cluster) {
    cluster.api.update(ApiResource.NODES, Meta.withAnnotation(node(cluster), "a.example/b", "c"));
  }

  private static void cordon(TestCluster cluster, boolean cordoned) {
    cluster.api.update(ApiResource.NODES, node(cluster).withAt(cordoned, "spec", "unschedulable"));
  }

  private static void pod(TestCluster cluster, String name, String labels, String spec) {
    cluster.api.create(
        ApiResource.PODS,
        json(
            "{'metadata':{'name':'"
                + name
                + "','namespace':'default','labels':{"
                + labels
                + "}},'spec':{"
                + (spec.contains("'containers'")
                    ? ""
                    : "'containers':[{'name':'main','image':'nginx'}]"
                        + (spec.isEmpty() ? "" : ","))
                + spec
                + "}}"));
  }

  private static void tolerate(TestCluster cluster, String key) {
    Struct web = cluster.find("web");
    List<Object> tolerations = new ArrayList<>(web.list("spec", "tolerations"));
    tolerations.add(Struct.of("key", key, "operator", "Exists"));
    cluster.api.update(ApiResource.PODS, web.withAt(tolerations, "spec", "tolerations"));
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(
            "a taint is taken away",
            c -> {
              c.taint("n", "{'key':'a','effect':'NoSchedule'}");
              pod(c, "web", "", "");
            },
            c -> label(c, "x", "y"),
            c -> c.taint("n", "")),
        new Case(
            "a toleration is added",
            c -> {
              c.taint("n", "{'key':'a','effect':'NoSchedule'}");
              pod(c, "web", "", "");
            },
            c -> tolerate(c, "other"),
            c -> tolerate(c, "a")),
        new Case(
            "a node is uncordoned",
            c -> {
              cordon(c, true);
              pod(c, "web", "", "");
            },
            QueueingHintTest::annotate,
            c -> cordon(c, false)),
        new Case(
            "a toleration of the cordon is added",
            c -> {
              cordon(c, true);
              pod(c, "web", "", "");
            },
            QueueingHintTest::annotate,
            c -> tolerate(c, "node.kubernetes.io/unschedulable")),
        new Case(
            "a label is added to the node",
            c -> pod(c, "web", "", "'nodeSelector':{'disk':'ssd'}"),
            c -> label(c, "disk", "tape"),
            c -> label(c, "disk", "ssd")),
        new Case(
            "a node becomes larger",
            c -> c.podWithCpu("web", "6", ""),
            c -> label(c, "x", "y"),
            c -> {
              Struct capacity = json("{'cpu':'8','memory':'8Gi','pods':'110'}");
              c.api.update(
                  ApiResource.NODES, node(c).withAt(capacity, "status", "allocatable"), "status");
            }),
        new Case(
            "a node is added",
            c -> c.podWithCpu("web", "6", ""),
            c -> c.node("small", ""),
            c -> {
              c.node("large", "");
              c.ready(
                  c.api.get(ApiResource.NODES, "", "large"),
                  "{'cpu':'8','memory':'8Gi','pods':'110'}");
            }),
        new Case(
            "a Pod leaves that took the room",
            c -> {
              c.podWithCpu("small", "1", "");
              c.podWithCpu("large", "2", "");
              c.settle();
              c.podWithCpu("web", "3", "");
            },
            c -> c.delete("small"),
            c -> c.delete("large")),
        new Case(
            "a Pod leaves that took the port",
            c -> {
              pod(c, "first", "", PORT);
              pod(c, "other", "", "");
              c.settle();
              pod(c, "web", "", PORT);
            },
            c -> c.delete("other"),
            c -> c.delete("first")),
        new Case(
            "the last gate is taken away",
            c -> pod(c, "web", "", "'schedulingGates':[{'name':'a/b'},{'name':'c/d'}]"),
            c ->
                c.api.update(
                    ApiResource.PODS,
                    c.find("web")
                        .withAt(List.of(Struct.of("name", "c/d")), "spec", "schedulingGates")),
            c ->
                c.api.update(ApiResource.PODS, c.find("web").withoutAt("spec", "schedulingGates"))),
        new Case(
            "a Pod comes that is wanted near",
            c -> pod(c, "web", "", NEAR),
            c -> pod(c, "noise", "'app':'noise'", ""),
            c -> pod(c, "db", "'app':'db'", "")),
        new Case(
            "a Pod leaves that is wanted far",
            c -> {
              pod(c, "db", "'app':'db'", "");
              pod(c, "noise", "'app':'noise'", "");
              c.settle();
              pod(c, "web", "", FAR);
            },
            c -> c.delete("noise"),
            c -> c.delete("db")),
        new Case(
            "a Pod is relabelled that is wanted far",
            c -> {
              pod(c, "db", "'app':'db'", "");
              c.settle();
              pod(c, "web", "", FAR);
            },
            QueueingHintTest::annotate,
            c ->
                c.api.update(
                    ApiResource.PODS, c.find("db").withAt("x", "metadata", "labels", "app"))),
        new Case(
            "a Pod leaves a domain that was too full",
            c -> {
              c.node("other", "'zone':'b'");
              c.taint("other", "{'key':'a','effect':'NoSchedule'}");
              pod(c, "db", "'app':'db'", "");
              pod(c, "noise", "'app':'noise'", "");
              c.settle();
              pod(c, "web", "'app':'db'", SPREAD);
            },
            c -> c.delete("noise"),
            c -> c.delete("db")),
        new Case(
            "the domain that was the emptiest is gone",
            c -> {
              c.node("other", "'zone':'b'");
              c.taint("other", "{'key':'a','effect':'NoSchedule'}");
              pod(c, "db", "'app':'db'", "");
              c.settle();
              pod(c, "web", "'app':'db'", SPREAD);
            },
            QueueingHintTest::annotate,
            c -> c.api.delete(ApiResource.NODES, "", "other", DeleteOptions.DEFAULT)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatHelpsIsNoticed(Case each) {
    cluster.node("n", "'zone':'a'");
    each.before.accept(cluster);
    cluster.world.advance(BACKOFF);
    assertThat(cluster.nodeOf("web")).isEmpty();
    long tries = tries();
    each.idle.accept(cluster);
    cluster.world.advance(BACKOFF);
    if (!each.name.startsWith("a toleration")) {
      assertThat(tries()).as("tries after what does not help").isEqualTo(tries);
    }

    each.help.accept(cluster);
    cluster.world.advance(BACKOFF);
    assertThat(cluster.nodeOf("web")).isNotEmpty();
  }

  /// How often it was said that the Pod fits nowhere.
  private long tries() {
    return cluster.api.list(ApiResource.EVENTS, "default", ListOptions.ALL).items().stream()
        .filter(event -> event.string("involvedObject", "name").equals("web"))
        .filter(event -> event.string("reason").equals("FailedScheduling"))
        .mapToLong(event -> Math.max(1, event.integer("series", "count")))
        .sum();
  }

  @Test
  void gatesThatAreGoneLeaveATraceInTheCondition() {
    cluster.node("n", "'zone':'a'");
    pod(cluster, "web", "", "'schedulingGates':[{'name':'a/b'}],'nodeSelector':{'disk':'ssd'}");
    cluster.settle();
    Struct gated = Meta.condition(cluster.find("web"), "PodScheduled");
    assertThat(gated.string("reason")).isEqualTo("SchedulingGated");

    cluster.api.update(ApiResource.PODS, cluster.find("web").withoutAt("spec", "schedulingGates"));
    cluster.settle();
    Struct waiting = Meta.condition(cluster.find("web"), "PodScheduled");
    assertThat(waiting.string("reason")).isEqualTo("Unschedulable");
    assertThat(waiting.string("lastTransitionTime")).isNotEmpty();

    cluster.world.advance(Duration.ofMinutes(1));
    label(cluster, "disk", "ssd");
    cluster.settle();
    Struct placed = Meta.condition(cluster.find("web"), "PodScheduled");
    assertThat(placed.string("status")).isEqualTo("True");
    assertThat(placed.string("lastTransitionTime"))
        .isGreaterThan(waiting.string("lastTransitionTime"));
  }
}

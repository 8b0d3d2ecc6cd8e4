package dev.tiphys.scheduler.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.cluster.PodInfo;
import dev.tiphys.scheduler.cluster.PodTemplate;
import dev.tiphys.scheduler.cluster.SpreadConstraint;
import dev.tiphys.scheduler.framework.ScorePlugin;
import dev.tiphys.scheduler.testing.Fixture;
import dev.tiphys.scheduler.verdict.Score;
import dev.tiphys.scheduler.verdict.Slots;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScorePluginsTest {

  private static final String HALF = "'containers':[{'resources':{'requests':{'cpu':'2'}}}]";

  private final Fixture fixture = new Fixture();

  private ScorePlugin plugin(String name) {
    return plugin(name, "{}");
  }

  /// @param arguments as YAML
  private ScorePlugin plugin(String name, String arguments) {
    return fixture
        .profile("pluginConfig: [{name: " + name + ", args: " + arguments + "}]")
        .plugins()
        .stream()
        .filter(plugin -> plugin.name().equals(name))
        .map(ScorePlugin.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static long absolute(ScorePlugin plugin, PodInfo pod, NodeInfo node) {
    return ((Score.Absolute) plugin.score(pod.template())).score(node);
  }

  private long[] surveyed(ScorePlugin plugin, PodInfo pod) {
    Score.Surveying score = (Score.Surveying) plugin.score(pod.template());
    fixture.cluster.nodes().forEach(score::note);
    Slots feasible = fixture.evaluation(pod).feasible(fixture.state, pod, fixture.nominations);
    long[] scores = new long[feasible.size()];
    return score.score(feasible, scores) ? scores : new long[0];
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        // Free: (4000 - 100) / 4000 = 97 %, (8192 - 200) / 8192 = 97 %.
        "'cpu':null | 97",
        "'cpu':'2','memory':'4Gi' | 50",
        "'cpu':'4','memory':'8Gi' | 0",
        "'cpu':'1','memory':'8Gi' | 37",
      })
  void theLeastAllocatedNodeScoresMost(String requests, long expected) {
    NodeInfo node = fixture.node("n");
    PodInfo pod = fixture.pod("", "'containers':[{'resources':{'requests':{" + requests + "}}}]");

    assertThat(absolute(plugin("NodeResourcesFit"), pod, node)).isEqualTo(expected);
  }

  @Test
  void aPodThatBringsBalanceScoresMore() {
    NodeInfo node = fixture.node("n");
    ScorePlugin plugin = plugin("NodeResourcesBalancedAllocation");
    PodInfo half = fixture.pod("", HALF);

    // Balance before is 100, after 75.
    assertThat(absolute(plugin, half, node)).isEqualTo(50 + (50 + 75 - 100) / 2);
    fixture.placed("n", "", "'containers':[{'resources':{'requests':{'memory':'4Gi'}}}]");
    assertThat(absolute(plugin, half, node)).isEqualTo(50 + (50 + 100 - 75) / 2);
    assertThat(plugin.score(fixture.pod("", "").template())).isNull();
  }

  @Test
  void fewerDislikedTaintsArePreferred() {
    fixture.node("a", "", "'spec':{'taints':[{'key':'x','effect':'PreferNoSchedule'}]}");
    fixture.node("b", "", "");
    fixture.placed("b", "", HALF);

    assertThat(fixture.best(fixture.pod("", ""))).isEqualTo("b");
    assertThat(fixture.best(fixture.pod("", "'tolerations':[{'operator':'Exists'}]")))
        .isEqualTo("a");
  }

  @Test
  void preferredNodesArePreferred() {
    fixture.node("a", "'disk':'ssd'", "");
    fixture.node("b", "", "");
    fixture.placed("a", "", HALF);

    assertThat(
            fixture.best(
                fixture.pod(
                    "",
                    "'affinity':{'nodeAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':"
                        + "[{'weight':1,'preference':{'matchExpressions':[{'key':'disk',"
                        + "'operator':'Exists'}]}}]}}")))
        .isEqualTo("a");
  }

  @Test
  void nodesThatHaveTheImageArePreferred() {
    String status = "'allocatable':{'cpu':'4','memory':'8Gi','pods':'10'}";
    fixture.node(
        "a",
        "",
        "",
        status + ",'images':[{'names':['nginx:latest'],'sizeBytes':" + 600 * 1024 * 1024 + "}]");
    fixture.node("b", "", "", status);

    // Half of the nodes have it: 300 MiB count; (300 - 23) / (1000 - 23) = 28 %.
    assertThat(
            surveyed(plugin("ImageLocality"), fixture.pod("", "'containers':[{'image':'nginx'}]")))
        .containsExactly(28, 0);
    assertThat(
            surveyed(plugin("ImageLocality"), fixture.pod("", "'containers':[{'image':'redis'}]")))
        .isEmpty();
  }

  @Test
  void wishesForNeighboursCount() {
    fixture.node("a", "'zone':'a'", "");
    fixture.node("b", "'zone':'b'", "");
    fixture.node("c", "'zone':'c'", "");
    fixture.placed("a", "'app':'db'", "");
    fixture.placed("b", "'app':'noise'", "");
    String wishes =
        "'affinity':{'podAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':10,"
            + "'podAffinityTerm':{'topologyKey':'zone','labelSelector':{'matchLabels':"
            + "{'app':'db'}}}}]},'podAntiAffinity':{"
            + "'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':10,'podAffinityTerm':"
            + "{'topologyKey':'zone','labelSelector':{'matchLabels':{'app':'noise'}}}}]}}";

    assertThat(surveyed(plugin("InterPodAffinity"), fixture.pod("", wishes)))
        .containsExactly(100, 0, 50);
  }

  @Test
  void wishesOfThoseThatRunAlreadyCountToo() {
    fixture.node("a", "'zone':'a'", "");
    fixture.node("b", "'zone':'b'", "");
    fixture.placed(
        "b",
        "'app':'web'",
        "'affinity':{'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':"
            + "[{'topologyKey':'zone','labelSelector':{'matchLabels':{'app':'web'}}}]}}");

    assertThat(surveyed(plugin("InterPodAffinity"), fixture.pod("'app':'web'", "")))
        .containsExactly(0, 100);
    assertThat(surveyed(plugin("InterPodAffinity"), fixture.pod("'app':'x'", ""))).isEmpty();
  }

  @Test
  void podsOfOneOwnerAreSpreadByDefault() {
    fixture.node("a");
    fixture.node("b");
    fixture.placed("a", "'app':'web'", "");
    fixture.placed("a", "'app':'web'", "");
    PodInfo pod = fixture.pod("'app':'web'", "");
    Score.Surveying score =
        (Score.Surveying) plugin("PodTopologySpread").score(spreadLike(pod.template(), "web"));
    fixture.cluster.nodes().forEach(score::note);
    long[] scores = new long[2];
    score.score(fixture.evaluation(pod).feasible(fixture.state, pod, fixture.nominations), scores);

    // Crowds: 2 x ln(4) + 2 = 4.77, rounded to 5, and 2. Scores: (5 + 2 - crowd) / 5.
    assertThat(scores).containsExactly(40, 100);
  }

  /// A template that is spread by default with the Pods of an app.
  private static PodTemplate spreadLike(PodTemplate template, String app) {
    LabelSelector together = LabelSelector.ofLabels(Struct.of("app", app));
    return template.spreadBy(
        SpreadConstraint.systemDefaults().stream()
            .map(constraint -> constraint.about(together))
            .toList(),
        -1);
  }
}

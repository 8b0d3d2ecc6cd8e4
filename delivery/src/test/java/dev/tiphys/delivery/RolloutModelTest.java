package dev.tiphys.delivery;

import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.SERVICES;
import static dev.tiphys.delivery.model.DeliveryResources.ANALYSIS_RUNS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.controllers.Faults;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.Rounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever people and chance do, in whatever order: what serves goes on serving, what failed does
/// not serve, and what was given up ends where it began.
///
/// Each seed is one life: a strategy, an order of commands, lost requests and answers.
/// `-Dtiphys.rollouts=200` for more of them.
class RolloutModelTest {

  private static final int COMMANDS = 40;

  private static final List<String> STRATEGIES =
      List.of(
          "blueGreen: {activeService: main, previewService: side, autoPromotionEnabled: false}",
          "blueGreen: {activeService: main, previewService: side, autoPromotionSeconds: 20}",
          "blueGreen: {activeService: main, autoPromotionEnabled: false, previewReplicaCount: 1}",
          """
          blueGreen:
            activeService: main
            previewService: side
            prePromotionAnalysis: {templates: [{templateName: good}]}
            postPromotionAnalysis: {templates: [{templateName: good}]}
          """,
          """
          canary:
            stableService: main
            canaryService: side
            steps: [{setWeight: 25}, {pause: {duration: 15}}, {setWeight: 60}, {pause: {}}]
          """,
          """
          canary:
            stableService: main
            canaryService: side
            trafficRouting: {plugins: {test: {}}}
            steps: [{setWeight: 25}, {pause: {duration: 15}}, {setWeight: 60}, {pause: {}}]
          """,
          """
          canary:
            stableService: main
            canaryService: side
            dynamicStableScale: true
            trafficRouting: {plugins: {test: {}}}
            steps: [{setWeight: 25}, {pause: {duration: 15}}, {setWeight: 60}, {pause: {}}]
          """,
          """
          canary:
            stableService: main
            canaryService: side
            trafficRouting: {plugins: {test: {}}}
            analysis: {templates: [{templateName: endless}]}
            steps: [{setWeight: 40}, {analysis: {templates: [{templateName: good}]}}]
          """,
          """
          canary:
            stableService: main
            canaryService: side
            trafficRouting: {plugins: {test: {}}}
            steps:
            - experiment:
                templates: [{name: base, specRef: stable, weight: 10, service: {}}, {name: next, specRef: canary}]
                analyses: [{name: first, templateName: good, requiredForCompletion: true}]
            - setWeight: 40
            - pause: {duration: 15}
          """,
          """
          canary:
            stableService: main
            canaryService: side
            steps:
            - experiment: {duration: 40s, templates: [{name: next, specRef: canary}], analyses: [{name: first, templateName: good}]}
            - setWeight: 50
            - analysis: {templates: [{templateName: good}]}
          """);

  static List<Integer> seeds() {
    int count = Rounds.of("tiphys.rollouts", 24);
    return IntStream.rangeClosed(1, count).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatServesGoesOnServing(int seed) {
    Random chance = new Random(seed);
    String strategy = STRATEGIES.get(seed % STRATEGIES.size());
    try (RolloutCluster it = new RolloutCluster(seed, new Faults(0.03, 0.03))) {
      it.service("main");
      it.service("side");
      it.template("good", "count: 2, interval: 5s,");
      it.template("endless", "interval: 10s,");
      it.rollout(4, strategy);
      it.advance(300);
      assertThat(it.phase()).as("seed %d", seed).isEqualTo("Healthy");
      List<String> story = new ArrayList<>();
      try (Watcher watcher = new Watcher(it, "main")) {
        for (int i = 0; i < COMMANDS; i++) {
          story.add(it.cluster.world.now() + " " + act(it, watcher, chance));
          it.cluster.advance(Duration.ofMillis(chance.nextInt(20_000)));
          assertThat(watcher.faults).as("seed %d: %s", seed, story).isEmpty();
        }
        abortAndFinish(it, watcher, seed, story);
        assertThat(watcher.faults).as("seed %d: %s", seed, story).isEmpty();
      }
    }
  }

  private static String act(RolloutCluster it, Watcher watcher, Random chance) {
    switch (chance.nextInt(16)) {
      case 0, 1, 2 -> {
        String image = "web:" + (1 + chance.nextInt(4));
        it.image(image);
        return image;
      }
      case 3 -> {
        it.abort();
        return "abort";
      }
      case 4 -> {
        it.retry();
        return "retry";
      }
      case 5, 6 -> {
        it.promote();
        return "promote";
      }
      case 7 -> {
        watcher.forced.add(it.status().string("currentPodHash"));
        it.promoteFully();
        return "promote --full";
      }
      case 8 -> {
        it.undo();
        return "undo";
      }
      case 9 -> {
        boolean paused = chance.nextBoolean();
        it.set(paused, "spec", "paused");
        return "paused " + paused;
      }
      case 10 -> {
        it.set(Timestamps.seconds(it.cluster.world.now()), "spec", "restartAt");
        return "restart";
      }
      case 11 -> {
        long replicas = 1L + chance.nextInt(6);
        it.scale(replicas);
        return "scale " + replicas;
      }
      case 12 -> {
        String broken = "web:" + (1 + chance.nextInt(4));
        it.breakImages(broken);
        return broken + " is broken from now on";
      }
      case 13 -> {
        List<Struct> pods = it.pods();
        if (!pods.isEmpty()) {
          it.cluster.delete(PODS, Meta.of(pods.get(chance.nextInt(pods.size()))).name());
        }
        return "a Pod goes";
      }
      case 14 -> {
        it.restartController();
        return "the controller begins anew";
      }
      default -> {
        return chance.nextInt(3) == 0 ? edit(it, chance) : judge(it, chance);
      }
    }
  }

  private static String edit(RolloutCluster it, Random chance) {
    String name = chance.nextBoolean() ? "main" : "side";
    it.cluster.change(
        SERVICES, name, service -> service.withoutAt("spec", "selector", Labels.HASH));
    return "Service " + name + " loses its revision";
  }

  private static String judge(RolloutCluster it, Random chance) {
    String phase =
        List.of("Successful", "Successful", "Failed", "Error", "Inconclusive")
            .get(chance.nextInt(5));
    for (Struct run : it.cluster.list(ANALYSIS_RUNS)) {
      it.end(Meta.of(run).name(), phase, "");
    }
    return "measurements end: " + phase;
  }

  /// An abort ends where it began; and after that an update to a good version still comes through.
  private static void abortAndFinish(
      RolloutCluster it, Watcher watcher, int seed, List<String> story) {
    it.breakImages();
    it.set(false, "spec", "paused");
    it.advance(120);
    it.abort();
    it.advance(600);
    ReplicaSet stable =
        it.sets().stream()
            .filter(set -> set.hash().equals(it.status().string("stableRS")))
            .findFirst()
            .orElseThrow();
    String image = RolloutCluster.imageOf(stable.template().struct("spec"));
    assertThat(it.served("main")).as("seed %d: %s", seed, story).isEqualTo(image);
    assertThat(stable.available())
        .as("seed %d: %s", seed, story)
        .isEqualTo(it.get().integer("spec", "replicas"));
    assertThat(it.router.weight).as("seed %d: %s", seed, story).isZero();
    assertThat(it.sets().stream().filter(set -> !set.name().equals(stable.name())))
        .as("seed %d: %s", seed, story)
        .allMatch(set -> set.replicas() == 0);

    it.image("web:9");
    it.advance(120);
    watcher.forced.add(it.status().string("currentPodHash"));
    it.promoteFully();
    it.advance(600);
    assertThat(it.phase()).as("seed %d: %s", seed, story).isEqualTo("Healthy");
    assertThat(it.served("main")).as("seed %d: %s", seed, story).isEqualTo("web:9");
  }
}

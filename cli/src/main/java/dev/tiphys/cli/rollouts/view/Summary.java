package dev.tiphys.cli.rollouts.view;

import dev.tiphys.delivery.model.Canary;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.delivery.model.Step;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// How a Rollout stands, as a client sees it, and the page that tells all of it.
///
/// @param phase `Healthy`, `Progressing`, `Paused` or `Degraded`
/// @param message what there is to add; may be empty
public record Summary(Rollout rollout, String phase, String message) {

  /// The status tells it, unless a change was not taken up yet.
  public static Summary of(Rollout rollout) {
    Struct status = rollout.status();
    if (isBehind(status.string("observedGeneration"), rollout.meta().generation())) {
      return new Summary(rollout, "Progressing", "waiting for rollout spec update to be observed");
    }
    if (status.bool("controllerPause") && status.structs("pauseConditions").isEmpty()) {
      return new Summary(rollout, "Progressing", "waiting for rollout to unpause");
    }
    long workload = Labels.number(rollout.object(), Labels.WORKLOAD_GENERATION);
    if (workload > 0 && isOther(status.string("workloadObservedGeneration"), workload)) {
      return new Summary(
          rollout,
          "Progressing",
          "waiting for rollout spec update to be observed for the reference workload");
    }
    return new Summary(rollout, status.string("phase"), status.string("message"));
  }

  private static boolean isBehind(String observed, long generation) {
    return observed.matches("[0-9]{1,18}") && Long.parseLong(observed) < generation;
  }

  private static boolean isOther(String observed, long generation) {
    return observed.matches("[0-9]{1,18}") && Long.parseLong(observed) != generation;
  }

  /// `Canary` or `BlueGreen`
  public String strategy() {
    return rollout.isCanary() ? "Canary" : rollout.isBlueGreen() ? "BlueGreen" : "unknown";
  }

  /// Which step it is at, as `2/5`; empty if there are none.
  public String step() {
    int all = rollout.isCanary() ? rollout.canary().steps().size() : 0;
    return all > 0 && rollout.status().has("currentStepIndex")
        ? rollout.status().integer("currentStepIndex") + "/" + all
        : "";
  }

  /// The share that the canary is to have by now.
  public long setWeight() {
    Canary canary = rollout.canary();
    List<Step> steps = canary.steps();
    if (rollout.status().bool("abort")) {
      return 0;
    }
    long index = rollout.status().integer("currentStepIndex");
    if (index >= steps.size()) {
      return canary.maxWeight();
    }
    for (int i = (int) index; i >= 0; i--) {
      if (steps.get(i) instanceof Step.SetWeight(long weight)) {
        return weight;
      }
    }
    return 0;
  }

  /// The share that it has.
  private long actualWeight(Family family) {
    Canary canary = rollout.canary();
    Struct status = rollout.status();
    if (status.integer("currentStepIndex") >= canary.steps().size()) {
      return canary.maxWeight();
    }
    long available = status.integer("availableReplicas");
    if (available == 0) {
      return 0;
    }
    if (canary.isRouted()) {
      return status.has("canary", "weights")
          ? status.integer("canary", "weights", "canary", "weight")
          : setWeight();
    }
    return family.replicaSetsOf(rollout.object()).stream()
        .filter(set -> Role.of(set, rollout).contains("canary"))
        .mapToLong(set -> new ReplicaSet(set).available() * canary.maxWeight() / available)
        .findFirst()
        .orElse(0);
  }

  /// The whole page.
  public List<String> page(Family family, Instant now, boolean inColors) {
    Page page = new Page(inColors);
    page.add("Name:", rollout.name());
    page.add("Namespace:", rollout.namespace());
    page.add("Status:", Cell.tag(Icons.ofRollout(phase)).then(" " + phase));
    if (!message.isEmpty()) {
      page.add("Message:", message);
    }
    page.add("Strategy:", rollout.isCanary() || rollout.isBlueGreen() ? strategy() : "");
    if (rollout.isCanary()) {
      page.add("  Step:", step());
      page.add("  SetWeight:", Long.toString(setWeight()));
      page.add("  ActualWeight:", Long.toString(actualWeight(family)));
    }
    Images images = new Images();
    family.replicaSetsOf(rollout.object()).forEach(set -> images.add(set, Role.of(set, rollout)));
    family
        .experimentsOf(rollout.object())
        .forEach(experiment -> addImages(images, experiment, family));
    page.add("Images:", images);
    page.add("Replicas:");
    page.add("  Desired:", Long.toString(rollout.replicas()));
    page.add("  Current:", count("replicas"));
    page.add("  Updated:", count("updatedReplicas"));
    page.add("  Ready:", count("readyReplicas"));
    page.add("  Available:", count("availableReplicas"));
    RolloutTree tree = new RolloutTree(family, now);
    tree.rollout(rollout, phase);
    return page.followedBy(tree);
  }

  private String count(String field) {
    return Long.toString(rollout.status().integer(field));
  }

  private static void addImages(Images images, Struct experiment, Family family) {
    for (Struct set : family.replicaSetsOf(experiment)) {
      String template = Meta.of(set).annotation("experiment-template-name");
      images.add(set, template.isEmpty() ? List.of() : List.of("Σ:" + template));
    }
  }

  /// The page of an Experiment.
  public static List<String> ofExperiment(
      Struct experiment, Family family, Instant now, boolean inColors) {
    Struct status = experiment.struct("status");
    String phase = status.string("phase");
    Page page = new Page(inColors);
    page.add("Name:", Meta.of(experiment).name());
    page.add("Namespace:", Meta.of(experiment).namespace());
    page.add("Status:", Cell.tag(Icons.ofAnalysis(phase)).then(" " + phase));
    if (!status.string("message").isEmpty()) {
      page.add("Message:", status.string("message"));
    }
    Images images = new Images();
    addImages(images, experiment, family);
    page.add("Images:", images);
    RolloutTree tree = new RolloutTree(family, now);
    tree.experiment(experiment);
    return page.followedBy(tree);
  }

  /// Lines of a name and a value each.
  private static final class Page {
    private final boolean inColors;
    private final List<String> lines = new ArrayList<>();

    Page(boolean inColors) {
      this.inColors = inColors;
    }

    void add(String title) {
      lines.add(title);
    }

    void add(String name, String value) {
      add(name, Cell.of(value));
    }

    void add(String name, Cell value) {
      lines.add("%-17s%s".formatted(name, value.text(inColors)).stripTrailing());
    }

    void add(String name, Images images) {
      String title = name;
      for (Cell image : images.cells()) {
        add(title, image);
        title = "";
      }
    }

    List<String> followedBy(RolloutTree tree) {
      lines.add("");
      lines.addAll(tree.lines(inColors));
      return lines;
    }
  }
}

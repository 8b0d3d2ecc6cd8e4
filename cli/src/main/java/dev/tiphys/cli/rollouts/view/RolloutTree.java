package dev.tiphys.cli.rollouts.view;

import dev.tiphys.apiserver.table.PodCells;
import dev.tiphys.delivery.model.Labels;
import dev.tiphys.delivery.model.ReplicaSet;
import dev.tiphys.delivery.model.Rollout;
import dev.tiphys.object.HumanDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;

/// What a Rollout or an Experiment has made, as a tree.
final class RolloutTree {

  private final Family family;
  private final Instant now;
  private final Columns columns = new Columns();

  RolloutTree(Family family, Instant now) {
    this.family = family;
    this.now = now;
    columns.add("NAME", "KIND", "STATUS", "AGE", "INFO");
  }

  static long revision(Struct object) {
    return Labels.number(object, Labels.REVISION);
  }

  List<String> lines(boolean inColors) {
    return columns.lines(inColors);
  }

  /// Where lines are that belong to the one above: `first` leads to the line itself, `rest` to
  /// those below it.
  private record Place(String first, String rest) {

    static final Place TOP = new Place("", "");

    /// The place of one of several children.
    Place child(int index, int count) {
      return index == count - 1
          ? new Place(rest + "└──", rest + "   ")
          : new Place(rest + "├──", rest + "│  ");
    }
  }

  private void row(
      Place place, String icon, Cell name, String kind, Cell status, Struct object, Cell info) {
    columns.add(
        List.of(
            Cell.of(place.first + icon + " ").then(name),
            Cell.of(kind),
            status,
            Cell.of(age(object)),
            info));
  }

  private String age(Struct object) {
    Instant created = Meta.of(object).created();
    return created == null ? "<unknown>" : HumanDuration.of(Duration.between(created, now));
  }

  private static Cell state(String icon, String state) {
    return Cell.tag(icon).then(" " + state);
  }

  private static Cell joined(List<Cell> parts) {
    Cell all = Cell.of("");
    for (int i = 0; i < parts.size(); i++) {
      all = all.then(i == 0 ? "" : ",").then(parts.get(i));
    }
    return all;
  }

  /// Adds a Rollout, and below it its revisions.
  void rollout(Rollout rollout, String phase) {
    Struct object = rollout.object();
    row(
        Place.TOP,
        "⟳",
        Cell.of(rollout.name()),
        "Rollout",
        state(Icons.ofRollout(phase), phase),
        object,
        Cell.of(""));
    List<Struct> sets = family.replicaSetsOf(object);
    List<Struct> experiments = family.experimentsOf(object);
    List<Struct> runs = family.runsOf(object);
    TreeSet<Long> revisions = new TreeSet<>();
    for (List<Struct> each : List.of(sets, experiments, runs)) {
      each.forEach(child -> revisions.add(revision(child)));
    }
    List<Long> newestFirst = List.copyOf(revisions.descendingSet());
    for (int i = 0; i < newestFirst.size(); i++) {
      long revision = newestFirst.get(i);
      Place place = Place.TOP.child(i, newestFirst.size());
      columns.add(place.first + "# revision:" + revision, "", "", "", "");
      children(
          place,
          of(revision, sets),
          of(revision, experiments),
          of(revision, runs),
          set -> Role.of(set, rollout));
    }
  }

  private static List<Struct> of(long revision, List<Struct> all) {
    return all.stream().filter(each -> revision(each) == revision).toList();
  }

  /// Adds an Experiment, and below it what it compares.
  void experiment(Struct experiment) {
    experiment(Place.TOP, experiment);
  }

  private void experiment(Place place, Struct experiment) {
    String phase = experiment.string("status", "phase");
    row(
        place,
        "Σ",
        Cell.like(Meta.of(experiment).name(), phase),
        "Experiment",
        state(Icons.ofAnalysis(phase), phase),
        experiment,
        Cell.of(""));
    children(
        place,
        family.replicaSetsOf(experiment),
        List.of(),
        family.runsOf(experiment),
        _ -> List.of());
  }

  private void children(
      Place place,
      List<Struct> sets,
      List<Struct> experiments,
      List<Struct> runs,
      Function<Struct, List<String>> roles) {
    int count = sets.size() + experiments.size() + runs.size();
    int index = 0;
    for (Struct set : sets) {
      replicaSet(place.child(index++, count), set, roles.apply(set));
    }
    for (Struct experiment : experiments) {
      experiment(place.child(index++, count), experiment);
    }
    for (Struct run : runs) {
      run(place.child(index++, count), run);
    }
  }

  private void replicaSet(Place place, Struct set, List<String> roles) {
    List<Cell> info = new ArrayList<>();
    roles.forEach(role -> info.add(Cell.tag(role)));
    ReplicaSet facts = new ReplicaSet(set);
    Instant deadline = facts.deadline();
    if (deadline != null) {
      info.add(
          Cell.of(
              "delay:"
                  + (deadline.isBefore(now)
                      ? "passed"
                      : HumanDuration.of(Duration.between(now, deadline)))));
    }
    String health = health(facts);
    row(
        place,
        "⧉",
        roles.isEmpty() ? Cell.of(facts.name()) : Cell.like(facts.name(), roles.getLast()),
        "ReplicaSet",
        state(Icons.ofReplicaSet(health), health),
        set,
        joined(info));
    List<Struct> pods = family.podsOf(set);
    for (int i = 0; i < pods.size(); i++) {
      pod(place.child(i, pods.size()), pods.get(i));
    }
  }

  private static String health(ReplicaSet set) {
    if (!set.isObserved()) {
      return "Progressing";
    }
    if (Meta.isTrue(set.object(), "ReplicaFailure")) {
      return "ReplicaFailure";
    }
    if (set.available() < set.replicas()) {
      return "Progressing";
    }
    return set.replicas() == 0 ? "ScaledDown" : "Healthy";
  }

  private void pod(Place place, Struct pod) {
    String status = PodCells.status(pod);
    String restarts = PodCells.restarts(pod, now).replaceFirst(" .*", "");
    row(
        place,
        "□",
        Cell.of(Meta.of(pod).name()),
        "Pod",
        state(Icons.ofPod(status), status),
        pod,
        Cell.of(
            "ready:"
                + PodCells.ready(pod)
                + (restarts.equals("0") ? "" : ",restarts:" + restarts)));
  }

  private void run(Place place, Struct run) {
    String phase = run.string("status", "phase");
    row(
        place,
        "α",
        Cell.like(Meta.of(run).name(), phase),
        "AnalysisRun",
        state(Icons.ofAnalysis(phase), phase),
        run,
        joined(counts(run)));
    List<Struct> jobs = jobs(run);
    for (int i = 0; i < jobs.size(); i++) {
      job(place.child(i, jobs.size()), jobs.get(i));
    }
  }

  /// How many measurements ended how.
  private static List<Cell> counts(Struct run) {
    List<Cell> counts = new ArrayList<>();
    for (String phase : List.of("Successful", "Failed", "Inconclusive", "Error")) {
      String field = phase.substring(0, 1).toLowerCase(java.util.Locale.ROOT) + phase.substring(1);
      long count =
          run.struct("status").structs("metricResults").stream()
              .mapToLong(each -> each.integer(field))
              .sum();
      if (count > 0) {
        counts.add(Cell.tag(Icons.ofAnalysis(phase)).then(" " + count));
      }
    }
    return counts;
  }

  /// The measurements that were made by Jobs.
  private static List<Struct> jobs(Struct run) {
    List<Struct> jobs = new ArrayList<>();
    for (Struct metric : run.struct("status").structs("metricResults")) {
      for (Struct measurement : metric.structs("measurements")) {
        if (measurement.has("metadata", "job-name")) {
          jobs.add(measurement);
        }
      }
    }
    return jobs;
  }

  private void job(Place place, Struct measurement) {
    String phase = measurement.string("phase");
    Instant started = Timestamps.of(measurement.get("startedAt"));
    columns.add(
        List.of(
            Cell.of(place.first + "⊞ ")
                .then(Cell.like(measurement.string("metadata", "job-name"), phase)),
            Cell.of("Job"),
            state(Icons.ofAnalysis(phase), phase),
            Cell.of(started == null ? "" : HumanDuration.of(Duration.between(started, now))),
            Cell.of("")));
  }
}

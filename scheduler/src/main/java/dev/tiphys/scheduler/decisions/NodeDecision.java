package dev.tiphys.scheduler.decisions;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.scheduler.verdict.Rejection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What all plugins think of one node.
///
/// @param verdicts of those that filter, in their order
/// @param scores of those that score, if the node has passed all filters
public record NodeDecision(String node, List<Verdict> verdicts, List<PluginScore> scores) {

  /// What a plugin that filters says.
  ///
  /// @param rejection null if the node suits it
  /// @param remedies what would make the node suit it; nothing if that is not known
  public record Verdict(String plugin, @Nullable Rejection rejection, List<Remedy> remedies) {}

  /// @param score from 0 to 100
  /// @param weight what it counts for
  public record PluginScore(String plugin, long score, long weight) {
    /// What it adds to the node's score.
    long weighted() {
      return score * weight;
    }

    Struct tree() {
      return Struct.of("plugin", plugin, "score", score, "weight", weight);
    }
  }

  public NodeDecision {
    verdicts = List.copyOf(verdicts);
    scores = List.copyOf(scores);
  }

  /// Whether the node suits all plugins.
  public boolean feasible() {
    return refusals().isEmpty();
  }

  /// The verdicts against it.
  public List<Verdict> refusals() {
    return verdicts.stream().filter(verdict -> verdict.rejection() != null).toList();
  }

  /// The sum of its scores.
  public long total() {
    return scores.stream().mapToLong(PluginScore::weighted).sum();
  }

  /// What all would have to change for the Pod to fit; nothing if that is not known, or if it fits.
  public List<Remedy> remedies() {
    List<Remedy> all = new ArrayList<>();
    for (Verdict refusal : refusals()) {
      if (refusal.remedies().isEmpty()) {
        return List.of();
      }
      all.addAll(refusal.remedies());
    }
    return all;
  }

  /// As JSON has it.
  Struct tree() {
    List<Struct> filters = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      Rejection rejection = verdict.rejection();
      filters.add(
          rejection != null
              ? rejection.tree()
              : Struct.of("plugin", verdict.plugin(), "passed", true));
    }
    StructBuilder tree =
        new StructBuilder().add("name", node).add("feasible", feasible()).add("filters", filters);
    if (feasible()) {
      tree.add("score", total());
      tree.add("scores", scores.stream().map(PluginScore::tree).toList());
    }
    return tree.build();
  }
}

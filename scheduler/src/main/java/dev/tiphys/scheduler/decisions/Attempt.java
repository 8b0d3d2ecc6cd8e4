package dev.tiphys.scheduler.decisions;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import dev.tiphys.scheduler.decisions.NodeDecision.PluginScore;
import dev.tiphys.scheduler.verdict.Rejection;
import java.time.Instant;
import java.util.List;

/// One try to schedule a Pod: what was decided, and why, in sum.
///
/// @param time when it was decided
/// @param number which try it was, from 1 on
/// @param outcome what came of it
/// @param nodes how many there were
/// @param refusals why nodes did not do; of a Pod that was placed, nothing
public record Attempt(
    Instant time, int number, Outcome outcome, int nodes, List<Refusal> refusals) {

  /// What it takes in any case, its place in the log included.
  private static final int FIXED = 300;

  private static final int BY_REFUSAL = 32;
  private static final int BY_SCORE = 40;
  private static final int BY_VICTIM = 80;

  public Attempt {
    refusals = List.copyOf(refusals);
  }

  /// What came of a try.
  public sealed interface Outcome {

    /// The Pod was given a node.
    ///
    /// @param feasible how many nodes would have done
    /// @param ranking the node and the next best, with what plugins gave them; nothing if no other
    ///   would have done
    record Placed(String node, int feasible, List<Ranked> ranking) implements Outcome {}

    /// It fits nowhere.
    ///
    /// @param message as its condition has it
    /// @param nominated the node that is being cleared for it; empty if none is
    /// @param victims the Pods that leave for it
    record Unschedulable(String message, String nominated, List<String> victims)
        implements Outcome {}

    /// Something went wrong.
    record Failed(String message) implements Outcome {}
  }

  /// A node, and what it is worth.
  public record Ranked(String node, List<PluginScore> scores) {
    private Struct tree() {
      return Struct.of(
          "name",
          node,
          "score",
          scores.stream().mapToLong(PluginScore::weighted).sum(),
          "scores",
          scores.stream().map(PluginScore::tree).toList());
    }
  }

  /// Nodes that a plugin refused alike.
  ///
  /// @param count how many they are
  public record Refusal(Rejection rejection, int count) {
    private Struct tree() {
      return new StructBuilder()
          .add("plugin", rejection.plugin())
          .add("reasons", rejection.reasons())
          .add("resolvable", rejection.curable())
          .add("count", (long) count)
          .build();
    }
  }

  /// About how many bytes it takes.
  long bytes() {
    return FIXED
        + (long) BY_REFUSAL * refusals.size()
        + switch (outcome) {
          case Outcome.Placed(_, _, var ranking) ->
              ranking.stream().mapToLong(each -> (long) BY_SCORE * each.scores.size()).sum();
          case Outcome.Unschedulable(var message, _, var victims) ->
              message.length() + victims.stream().mapToLong(each -> BY_VICTIM).sum();
          case Outcome.Failed(var message) -> message.length();
        };
  }

  /// As JSON has it.
  StructBuilder tree() {
    StructBuilder tree =
        new StructBuilder()
            .add("time", Timestamps.micros(time))
            .add("number", (long) number)
            .add("nodeCount", (long) nodes);
    switch (outcome) {
      case Outcome.Placed(var node, var feasible, var ranking) ->
          tree.add("result", "Scheduled")
              .add("node", node)
              .add("feasible", (long) feasible)
              .add("ranking", ranking.stream().map(Ranked::tree).toList());
      case Outcome.Unschedulable(var message, var nominated, var victims) -> {
        tree.add("result", "Unschedulable")
            .add("message", message)
            .add("refusals", refusals.stream().map(Refusal::tree).toList());
        if (!nominated.isEmpty()) {
          tree.add("preemption", Struct.of("node", nominated, "victims", victims));
        }
      }
      case Outcome.Failed(var message) -> tree.add("result", "Error").add("message", message);
    }
    return tree;
  }
}

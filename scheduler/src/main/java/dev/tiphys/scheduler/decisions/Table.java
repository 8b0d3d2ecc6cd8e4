package dev.tiphys.scheduler.decisions;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.scheduler.decisions.NodeDecision.PluginScore;
import dev.tiphys.scheduler.verdict.Rejection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was found of each node in one try: the verdict that decided about it, or its scores.
///
/// Threads: the scheduling task.
public final class Table extends Shared {

  private static final int FIXED = 160;
  private static final int BY_PLUGIN = 40;
  private static final int BY_NAME = 80;
  private static final int SLOT = 4;

  private final int size;
  private final Column<@Nullable Object[]> names;
  private final @Nullable Column<@Nullable Object[]> verdicts;
  private final int @Nullable [] passed;
  private final List<Scores> scores;
  private final Map<String, Long> byExtenders;

  /// What a plugin gave the nodes.
  ///
  /// @param same what all of them got, if no column says otherwise
  public record Scores(String plugin, long weight, int same, @Nullable Column<byte[]> different) {

    private PluginScore of(int slot) {
      int score = different == null ? same : different.around(slot)[Column.place(slot)];
      return new PluginScore(plugin, score, weight);
    }
  }

  /// @param size how many slots there are
  /// @param names of the nodes, by their slots; null where there is none
  /// @param verdicts by slot, the [Rejection] that decided; null if it passed or was not asked
  ///   about
  /// @param passed the slots of those that passed; null if all did that were not refused
  /// @param scores of those that passed; none if there was nothing to choose
  /// @param byExtenders what extenders gave nodes on top, by their names
  public Table(
      int size,
      Column<@Nullable Object[]> names,
      @Nullable Column<@Nullable Object[]> verdicts,
      int @Nullable [] passed,
      List<Scores> scores,
      Map<String, Long> byExtenders) {
    super(
        FIXED
            + (passed == null ? 0 : (long) SLOT * passed.length)
            + (long) BY_PLUGIN * scores.size()
            + (long) BY_NAME * byExtenders.size(),
        parts(names, verdicts, scores));
    this.size = size;
    this.names = names;
    this.verdicts = verdicts;
    this.passed = passed;
    this.scores = List.copyOf(scores);
    this.byExtenders = Map.copyOf(byExtenders);
  }

  private static List<Shared> parts(
      Column<@Nullable Object[]> names,
      @Nullable Column<@Nullable Object[]> verdicts,
      List<Scores> scores) {
    List<Shared> parts = new ArrayList<>(2 + scores.size());
    parts.add(names);
    if (verdicts != null) {
      parts.add(verdicts);
    }
    for (Scores each : scores) {
      if (each.different != null) {
        parts.add(each.different);
      }
    }
    return parts;
  }

  /// As JSON has it: a node that was not looked at is neither feasible nor refused.
  public List<Struct> tree() {
    List<Struct> nodes = new ArrayList<>();
    for (int slot = 0; slot < size; slot++) {
      if (names.around(slot)[Column.place(slot)] instanceof String name) {
        nodes.add(node(name, slot));
      }
    }
    return nodes;
  }

  private Struct node(String name, int slot) {
    StructBuilder node = new StructBuilder().add("name", name);
    if (verdict(slot) instanceof Rejection rejection) {
      node.add("feasible", false).add("filters", List.of(rejection.tree()));
    } else if (passed == null || Arrays.stream(passed).anyMatch(each -> each == slot)) {
      node.add("feasible", true);
      if (!scores.isEmpty()) {
        List<PluginScore> all = scores(name, slot);
        node.add("score", all.stream().mapToLong(PluginScore::weighted).sum())
            .add("scores", all.stream().map(PluginScore::tree).toList());
      }
    }
    return node.build();
  }

  private @Nullable Object verdict(int slot) {
    return verdicts == null ? null : verdicts.around(slot)[Column.place(slot)];
  }

  private List<PluginScore> scores(String name, int slot) {
    List<PluginScore> all = new ArrayList<>();
    scores.forEach(each -> all.add(each.of(slot)));
    if (!byExtenders.isEmpty()) {
      all.add(new PluginScore("extenders", byExtenders.getOrDefault(name, 0L), 1));
    }
    return all;
  }
}

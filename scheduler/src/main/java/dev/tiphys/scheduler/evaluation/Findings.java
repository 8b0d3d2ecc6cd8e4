package dev.tiphys.scheduler.evaluation;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.decisions.Column;
import dev.tiphys.scheduler.decisions.Table;
import dev.tiphys.scheduler.extenders.Advice;
import dev.tiphys.scheduler.verdict.Diagnosis;
import dev.tiphys.scheduler.verdict.Rejection;
import dev.tiphys.scheduler.verdict.Slots;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tables of what was found of all nodes, for a record. What has not changed since the last one of
/// the same template is shared with it.
final class Findings {

  private final Cluster cluster;

  /// What was written down of the try before.
  private @Nullable Column<@Nullable Object[]> written;

  Findings(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Of a Pod that found a node.
  ///
  /// @param names of the nodes
  /// @param decided by slot: why a node was refused
  /// @param cutShort whether the search ended before all nodes were looked at
  /// @param feasible what it found
  Table found(
      Column<@Nullable Object[]> names,
      @Nullable Rejection[] decided,
      boolean cutShort,
      Slots feasible,
      List<Table.Scores> scores,
      Advice.Given advice) {
    return new Table(
        cluster.slots(),
        names,
        write(advised(decided, advice)),
        cutShort ? feasible.toArray() : null,
        scores,
        advice.scores());
  }

  /// Of a Pod that fits nowhere.
  Table found(Column<@Nullable Object[]> names, Diagnosis diagnosis) {
    Column<@Nullable Object[]> decided = write(diagnosis.bySlot());
    return new Table(cluster.slots(), names, decided, null, List.of(), Map.of());
  }

  private @Nullable Rejection[] advised(@Nullable Rejection[] decided, Advice.Given advice) {
    if (advice.rejections().isEmpty()) {
      return decided;
    }
    @Nullable Rejection[] advised = decided.clone();
    for (Map.Entry<String, Rejection> each : advice.rejections().entrySet()) {
      NodeInfo node = cluster.node(each.getKey());
      if (node != null) {
        advised[node.slot()] = each.getValue();
      }
    }
    return advised;
  }

  private Column<@Nullable Object[]> write(@Nullable Rejection[] decided) {
    Column<@Nullable Object[]> now = Column.of(written, decided, cluster.slots());
    written = now;
    return now;
  }
}

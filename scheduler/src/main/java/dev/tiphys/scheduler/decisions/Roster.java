package dev.tiphys.scheduler.decisions;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import org.jspecify.annotations.Nullable;

/// The names of the nodes by their slots, for records that outlive them.
///
/// Threads: the scheduling task.
public final class Roster {

  private final Cluster cluster;
  private long membership = -1;
  private Column<@Nullable Object[]> names = Column.of(null, new Object[0], 0);

  public Roster(Cluster cluster) {
    this.cluster = cluster;
  }

  /// The nodes as they are now.
  public Column<@Nullable Object[]> names() {
    if (membership != cluster.membership()) {
      membership = cluster.membership();
      @Nullable Object[] now = new Object[cluster.slots()];
      for (int slot = 0; slot < now.length; slot++) {
        NodeInfo node = cluster.nodeAt(slot);
        now[slot] = node == null ? null : node.name();
      }
      names = Column.of(names, now, now.length);
    }
    return names;
  }
}

package dev.tiphys.scheduler.decisions;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import org.jspecify.annotations.Nullable;

/// What is kept of a Pod's last try. The summary is kept longest.
///
/// Threads: the scheduling task.
public final class Try {

  private Attempt summary;
  private @Nullable Table table;
  private @Nullable Afterthought afterthought;

  Try(Attempt summary, @Nullable Table table) {
    this.summary = summary;
    this.table = table;
  }

  Attempt summary() {
    return summary;
  }

  void amend(Attempt now) {
    summary = now;
  }

  /// @return by how many bytes more is held now
  long holdTable() {
    return table == null ? 0 : table.hold();
  }

  /// @return by how many bytes more is held now
  long add(Afterthought thought) {
    long before = afterthought == null ? 0 : afterthought.thin();
    afterthought = thought;
    return thought.hold() - before;
  }

  /// Drops what was found of each node.
  ///
  /// @return by how many bytes less is held now
  long thin() {
    Table dropped = table;
    table = null;
    return (dropped == null ? 0 : dropped.release())
        + (afterthought == null ? 0 : afterthought.thin());
  }

  /// As JSON has it.
  Struct tree() {
    StructBuilder tree = summary.tree();
    Table known = table;
    if (known != null) {
      tree.add("nodes", known.tree());
    }
    Afterthought thought = afterthought;
    if (thought != null) {
      tree.add("afterwards", thought.tree());
    }
    return tree.build();
  }
}

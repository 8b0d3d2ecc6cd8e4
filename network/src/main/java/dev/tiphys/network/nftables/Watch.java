package dev.tiphys.network.nftables;

import dev.tiphys.network.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;

/// A look at whether a table is still as its program left it. Other programs may empty it or delete
/// it with everything else, or take out a part.
///
/// Threads: one.
public final class Watch {
  private final Table table;
  private final NetlinkSocket socket;
  private int generation;

  public Watch(Table table, NetlinkSocket socket) {
    this.table = table;
    this.socket = socket;
  }

  /// How much is in a table.
  ///
  /// @param elements how many there are in its sets and maps, without those that packets add to
  public record Contents(int rules, Map<SetSpec, Integer> elements) {
    public Contents {
      elements = Map.copyOf(elements);
    }
  }

  /// Whether as much is in the table as there is to be. Costs one small question unless something
  /// has changed a table of the machine since the last time; else all that is there is counted.
  ///
  /// @throws IOException if the kernel cannot be asked
  public boolean holds(Supplier<Contents> wanted) throws IOException {
    int now = Tables.generation(socket);
    if (now == generation) {
      return true;
    }
    boolean holds = counts(wanted.get());
    generation = holds ? now : 0;
    return holds;
  }

  private boolean counts(Contents wanted) throws IOException {
    if (Tables.rules(table, socket) != wanted.rules()) {
      return false;
    }
    for (Map.Entry<SetSpec, Integer> set : wanted.elements().entrySet()) {
      if (Tables.count(table, set.getKey(), socket) != set.getValue()) {
        return false;
      }
    }
    return true;
  }
}

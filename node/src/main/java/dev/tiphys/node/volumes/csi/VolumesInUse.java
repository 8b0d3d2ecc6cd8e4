package dev.tiphys.node.volumes.csi;

import dev.tiphys.node.volumes.ledger.Ledger;
import dev.tiphys.node.volumes.ledger.LedgerEntry;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The attached volumes that must not be detached from this node, and those of them that the Node's
/// status says so of. What is not said yet must not be touched: the controller would detach it.
///
/// Threads: any.
public final class VolumesInUse {
  private final Ledger ledger;
  private final Set<String> told = new TreeSet<>(); // guarded by this
  private volatile Runnable onWanted = () -> {};
  private volatile Runnable onTold = () -> {};

  VolumesInUse(Ledger ledger) {
    this.ledger = ledger;
  }

  /// @param wanted run when the status is to be written, soon
  /// @param news run when volumes may be touched that might not before
  public void listen(Runnable wanted, Runnable news) {
    onWanted = wanted;
    onTold = news;
  }

  /// The volumes, as a Node's `volumesInUse` has them.
  public List<String> now() {
    return ledger.all().stream()
        .filter(LedgerEntry::attached)
        .map(VolumesInUse::name)
        .sorted()
        .toList();
  }

  /// Takes note of what the Node's status has.
  public void told(List<String> written) {
    boolean news;
    synchronized (this) {
      news = !told.containsAll(written);
      told.clear();
      told.addAll(written);
    }
    if (news) {
      onTold.run();
    }
  }

  /// A volume is used from now on. What was said of it before may be taken back any moment.
  synchronized void begin(LedgerEntry entry) {
    told.remove(name(entry));
  }

  /// Whether the status says that a volume is used; if not, it will soon.
  boolean isTold(LedgerEntry entry) {
    synchronized (this) {
      if (told.contains(name(entry))) {
        return true;
      }
    }
    onWanted.run();
    return false;
  }

  private static String name(LedgerEntry entry) {
    return "kubernetes.io/csi/" + entry.driver() + "^" + entry.handle();
  }
}

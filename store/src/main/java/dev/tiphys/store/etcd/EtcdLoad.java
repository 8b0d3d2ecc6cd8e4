package dev.tiphys.store.etcd;

import dev.tiphys.store.KeyValue;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.etcd.api.RangeRequest;
import dev.tiphys.store.etcd.api.RangeResponse;
import dev.tiphys.store.replica.Tree;
import dev.tiphys.store.replica.TreeEdit;
import dev.tiphys.store.replica.TreeSnapshot;

/// Reads the whole of etcd as it was a little while ago: so that what happened since can be
/// followed, and is known to clients that saw it before this process began.
final class EtcdLoad {

  /// How many revisions back the past begins, if etcd still has it: following that many takes less
  /// than a second.
  private static final long REMEMBERED = 10_000;

  /// How many states one answer may hold, so that neither side must have all of them at once.
  private static final int PAGE = 2000;

  private final EtcdClient client;

  EtcdLoad(EtcdClient client) {
    this.client = client;
  }

  /// What was read.
  ///
  /// @param compacted the oldest revision that can be read from here on; 0 if there was none before
  record Loaded(long compacted, TreeSnapshot snapshot) {}

  Loaded load() {
    while (true) {
      long compacted = EtcdCompaction.revision(client);
      long recent = EtcdReads.revision(client) - REMEMBERED;
      long revision = Math.max(Math.max(compacted, recent), 1);
      try {
        Tree tree = states(revision);
        return new Loaded(revision == 1 ? 0 : revision, new TreeSnapshot(revision, tree));
      } catch (StoreException e) {
        if (e.reason() != Reason.COMPACTED) {
          throw e;
        }
      }
    }
  }

  private Tree states(long revision) {
    TreeEdit edit = new TreeEdit(Tree.EMPTY);
    EtcdKeys.Range rest = EtcdKeys.startingWith("");
    boolean more = true;
    while (more) {
      RangeResponse page =
          client.call(
              EtcdMethods.RANGE,
              RangeRequest.newBuilder()
                  .setKey(rest.first())
                  .setRangeEnd(rest.end())
                  .setRevision(revision)
                  .setLimit(PAGE)
                  .build());
      for (dev.tiphys.store.etcd.api.KeyValue state : page.getKvsList()) {
        KeyValue read = EtcdStates.state(state);
        edit.put(read);
      }
      more = page.getMore();
      if (more) {
        rest = rest.after(page.getKvs(page.getKvsCount() - 1).getKey());
      }
    }
    return edit.tree();
  }
}

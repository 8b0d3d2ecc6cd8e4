package dev.tiphys.store.etcd;

import com.google.protobuf.ByteString;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.etcd.api.Compare;
import dev.tiphys.store.etcd.api.PutRequest;
import dev.tiphys.store.etcd.api.RangeRequest;
import dev.tiphys.store.etcd.api.RequestOp;
import dev.tiphys.store.etcd.api.TxnRequest;
import dev.tiphys.store.etcd.api.TxnResponse;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.function.LongConsumer;

/// Compacts etcd every five minutes, to where it was five minutes ago.
///
/// Of several API servers, upstream's included, one does it each time: they agree by a key that all
/// of them know. Its version counts the rounds. The server that raises it from the version it saw
/// last has the round, and notes the revision it compacts to; the others see that they were late,
/// and learn the version.
final class EtcdCompactor {

  static final Duration INTERVAL = Duration.ofMinutes(5);

  private static final ByteString KEY = EtcdKeys.key("compact_rev_key");

  private final EtcdClient client;
  private final World world;
  private final LongConsumer compact;
  private final SupervisedTask task;

  // the task's
  private long round;
  private long revisionThen;

  /// @param compact compacts to a revision
  EtcdCompactor(EtcdClient client, World world, LongConsumer compact) {
    this.client = client;
    this.world = world.background();
    this.compact = compact;
    this.task = world.supervisor().task("etcd compaction", OnFailure.RESTART);
    task.start(this::run);
  }

  private void run() throws InterruptedException {
    while (!task.closed()) {
      world.sleep(INTERVAL);
      try {
        takeRound();
        task.problem("");
      } catch (StoreException e) {
        if (e.reason() == Reason.CLOSED) {
          return;
        }
        task.problem("could not compact, will try again: " + e.getMessage());
      }
    }
  }

  private void takeRound() {
    TxnResponse answer = client.call(EtcdMethods.TXN, claim());
    long compactTo = revisionThen;
    revisionThen = answer.getHeader().getRevision();
    if (!answer.getSucceeded()) {
      round = answer.getResponses(0).getResponseRange().getKvs(0).getVersion();
      return;
    }
    round++;
    if (compactTo > 0) {
      compact.accept(compactTo);
    }
  }

  private TxnRequest claim() {
    ByteString revision = ByteString.copyFromUtf8(Long.toString(revisionThen));
    return TxnRequest.newBuilder()
        .addCompare(
            Compare.newBuilder().setTarget(Compare.Target.VERSION).setKey(KEY).setVersion(round))
        .addSuccess(
            RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(KEY).setValue(revision)))
        .addFailure(RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(KEY)))
        .build();
  }

  void close() {
    task.close();
  }
}

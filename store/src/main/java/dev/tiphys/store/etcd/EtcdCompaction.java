package dev.tiphys.store.etcd;

import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.etcd.api.RangeRequest;
import dev.tiphys.store.etcd.api.WatchCreateRequest;
import dev.tiphys.store.etcd.api.WatchRequest;
import dev.tiphys.store.etcd.api.WatchResponse;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;

/// Finds out which revision etcd was compacted to. It has no call for that, but says so to a watch
/// from a revision that is gone.
final class EtcdCompaction {

  private EtcdCompaction() {}

  static long revision(EtcdClient client) {
    return isFirstRevisionThere(client) ? 0 : toldByWatch(client);
  }

  private static boolean isFirstRevisionThere(EtcdClient client) {
    try {
      client.call(
          EtcdMethods.RANGE,
          RangeRequest.newBuilder()
              .setKey(EtcdKeys.key("/"))
              .setRevision(1)
              .setCountOnly(true)
              .build());
      return true;
    } catch (StoreException e) {
      if (e.reason() == Reason.COMPACTED) {
        return false;
      }
      throw e;
    }
  }

  private static long toldByWatch(EtcdClient client) {
    BlockingClientCall<WatchRequest, WatchResponse> call = client.open(EtcdMethods.WATCH);
    try {
      WatchCreateRequest fromTheFirst =
          WatchCreateRequest.newBuilder().setKey(EtcdKeys.key("/")).setStartRevision(1).build();
      call.write(WatchRequest.newBuilder().setCreateRequest(fromTheFirst).build());
      WatchResponse answer = call.read();
      while (answer != null && answer.getCompactRevision() == 0) {
        answer = call.read();
      }
      if (answer == null) {
        throw new StoreException(Reason.UNAVAILABLE, "etcd ended a watch without a word");
      }
      return answer.getCompactRevision();
    } catch (StatusException e) {
      throw EtcdErrors.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(Reason.UNAVAILABLE, "interrupted while asking etcd", e);
    } finally {
      call.cancel("done", null);
    }
  }
}

package dev.tiphys.store.etcd;

import dev.tiphys.store.StoreException;
import dev.tiphys.store.etcd.api.RangeRequest;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Asks etcd how far it has come. Calls at the same time share one question: an answer is good for
/// all that came before the question was asked.
///
/// Threads: any.
final class EtcdReads {

  private final EtcdClient client;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile long begun; // written under lock

  // guarded by lock
  private long answered;
  private long revision;
  private @Nullable StoreException failure;

  EtcdReads(EtcdClient client) {
    this.client = client;
  }

  /// A revision that is not older than any write which had returned when this was called.
  long revision() {
    long before = begun;
    lock.lock();
    try {
      if (answered <= before) {
        ask();
      }
      if (failure != null) {
        throw new StoreException(failure.reason(), failure.getMessage(), failure);
      }
      return revision;
    } finally {
      lock.unlock();
    }
  }

  private void ask() {
    long call = begun + 1;
    begun = call;
    failure = null;
    try {
      revision = revision(client);
    } catch (StoreException e) {
      failure = e;
    }
    answered = call;
  }

  /// etcd's newest revision, as all of its members agree.
  static long revision(EtcdClient client) {
    RangeRequest cheap =
        RangeRequest.newBuilder().setKey(EtcdKeys.key("/")).setCountOnly(true).build();
    return client.call(EtcdMethods.RANGE, cheap).getHeader().getRevision();
  }
}

package dev.tiphys.store.etcd;

import dev.tiphys.store.History;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Store;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.Write;
import dev.tiphys.store.WriteResult;
import dev.tiphys.store.etcd.api.CompactionRequest;
import dev.tiphys.store.etcd.api.LeaseGrantRequest;
import dev.tiphys.store.etcd.api.LeaseKeepAliveRequest;
import dev.tiphys.store.etcd.api.LeaseKeepAliveResponse;
import dev.tiphys.store.etcd.api.LeaseRevokeRequest;
import dev.tiphys.store.etcd.api.StatusRequest;
import dev.tiphys.store.etcd.api.TxnResponse;
import dev.tiphys.store.replica.Compactor;
import dev.tiphys.store.replica.Replica;
import dev.tiphys.world.World;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// A [Store] in an etcd cluster, version 3.4 or later.
///
/// What is read is read from a [Replica] in this process, fed by one watch of all keys; so etcd
/// should be the cluster's own. A read that must be as new as etcd costs one small call, shared by
/// all reads of that moment. A write waits until the replica has it. When etcd is away, reading
/// what is known goes on. Lives of leases are counted in whole seconds, and a very short one is
/// made longer. All deletions that the end of a lease brings have the same revision. Causes are
/// forgotten.
///
/// It lives in the real world only.
public final class EtcdStore implements Store {

  /// How long a call waits for etcd, and for what etcd has told to arrive here.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration HISTORY = Duration.ofMinutes(5);
  private static final long HISTORY_BYTES = 96 << 20;

  private final EtcdClient client;
  private final World world;
  private final EtcdReads reads;
  private final EtcdFeed feed;
  private final EtcdCompactor compactor;
  private volatile @Nullable Compactor forgetting; // made with the replica
  private volatile boolean closed;
  private volatile boolean failing;

  /// Does not wait for etcd to answer: the first call does.
  ///
  /// @param endpoints the members of the cluster, as `http://host:port`
  public static EtcdStore connect(List<URI> endpoints, World world) {
    return new EtcdStore(endpoints, null, world);
  }

  /// @param endpoints the members of the cluster, as `https://host:port`
  public static EtcdStore connect(List<URI> endpoints, EtcdTls tls, World world) {
    return new EtcdStore(endpoints, tls, world);
  }

  private EtcdStore(List<URI> endpoints, @Nullable EtcdTls tls, World world) {
    this.client = new EtcdClient(endpoints, tls);
    this.world = world;
    this.reads = new EtcdReads(client);
    this.feed = new EtcdFeed(client, world, this::grown);
    this.compactor = new EtcdCompactor(client, world, this::compact);
  }

  private void grown() {
    Compactor known = forgetting;
    if (known == null) {
      Replica replica = replica();
      known = new Compactor(world, replica, HISTORY, HISTORY_BYTES, replica::compact);
      forgetting = known;
    }
    known.grown();
  }

  private Replica replica() {
    checkOpen();
    return feed.replica(PATIENCE);
  }

  @Override
  public History history() {
    return replica();
  }

  @Override
  public void sync() {
    Replica replica = replica();
    long revision = reads.revision();
    if (!awaitReached(replica, revision)) {
      throw new StoreException(
          Reason.UNAVAILABLE,
          "etcd has come to revision %d, and what happened since %d does not arrive here"
              .formatted(revision, replica.newest().revision()));
    }
  }

  private static boolean awaitReached(Replica replica, long revision) {
    try {
      return replica.await(revision, PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(Reason.UNAVAILABLE, "interrupted while waiting for etcd", e);
    }
  }

  @Override
  public WriteResult write(Write write) {
    Replica replica = replica();
    EtcdWrite request = new EtcdWrite(write);
    TxnResponse answer;
    try {
      answer = client.call(EtcdMethods.TXN, request.request());
      failing = false;
    } catch (StoreException e) {
      failing = e.reason() == Reason.NO_SPACE || e.reason() == Reason.UNAVAILABLE;
      throw e;
    }
    WriteResult result = request.result(answer);
    boolean seen = awaitReached(replica, answer.getHeader().getRevision());
    return seen && result instanceof WriteResult.Written written
        ? shared(replica, write, written)
        : result; // it happened, be it seen here or not
  }

  /// The result with the state that all readers see.
  private static WriteResult shared(Replica replica, Write write, WriteResult.Written written) {
    KeyValue seen = replica.newest().get(write.key());
    if (seen == null || written.current() == null || seen.revision() != written.revision()) {
      return written;
    }
    LongFunction<Object> attachment = write.attachment();
    if (attachment != null && seen.attachment() == null) {
      seen.attach(attachment.apply(written.revision()));
    }
    return new WriteResult.Written(written.revision(), seen, written.previous());
  }

  @Override
  public long grantLease(Duration life) {
    checkOpen();
    long seconds = Math.ceilDiv(life.toMillis(), 1000L);
    return client
        .call(EtcdMethods.LEASE_GRANT, LeaseGrantRequest.newBuilder().setTtl(seconds).build())
        .getId();
  }

  @Override
  public boolean renewLease(long lease) {
    checkOpen();
    BlockingClientCall<LeaseKeepAliveRequest, LeaseKeepAliveResponse> call =
        client.open(EtcdMethods.LEASE_KEEP_ALIVE);
    try {
      call.write(LeaseKeepAliveRequest.newBuilder().setId(lease).build());
      call.halfClose();
      LeaseKeepAliveResponse answer = call.read();
      return answer != null && answer.getTtl() > 0;
    } catch (StatusException e) {
      throw EtcdErrors.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(Reason.UNAVAILABLE, "interrupted while a lease was renewed", e);
    } finally {
      call.cancel("done", null);
    }
  }

  @Override
  public void revokeLease(long lease) {
    checkOpen();
    try {
      client.call(EtcdMethods.LEASE_REVOKE, LeaseRevokeRequest.newBuilder().setId(lease).build());
    } catch (StoreException e) {
      if (e.reason() != Reason.NO_LEASE) {
        throw e;
      }
    }
  }

  @Override
  public void compact(long revision) {
    checkOpen();
    try {
      client.call(
          EtcdMethods.COMPACT, CompactionRequest.newBuilder().setRevision(revision).build());
    } catch (StoreException e) {
      if (e.reason() != Reason.COMPACTED) {
        throw e;
      }
    }
    Replica replica = replica();
    if (awaitReached(replica, revision)) {
      replica.compact(revision);
    }
  }

  /// If the last write failed, asks whether etcd answers and has room.
  @Override
  public boolean isWritable() {
    checkOpen();
    if (!failing) {
      return true;
    }
    try {
      StatusRequest request = StatusRequest.getDefaultInstance();
      failing = client.call(EtcdMethods.STATUS, request).getErrorsCount() > 0;
    } catch (StoreException e) {
      return false;
    }
    return !failing;
  }

  @Override
  public long size() {
    checkOpen();
    return client.call(EtcdMethods.STATUS, StatusRequest.getDefaultInstance()).getDbSize();
  }

  @Override
  public void close() {
    closed = true;
    compactor.close();
    Compactor known = forgetting;
    if (known != null) {
      known.close();
    }
    feed.close(closedException());
    client.close();
  }

  private void checkOpen() {
    if (closed) {
      throw closedException();
    }
  }

  private static StoreException closedException() {
    return new StoreException(Reason.CLOSED, "the store is closed");
  }
}

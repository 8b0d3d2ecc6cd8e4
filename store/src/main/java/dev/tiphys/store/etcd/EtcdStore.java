package dev.tiphys.store.etcd;

import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Snapshot;
import dev.tiphys.store.Store;
import dev.tiphys.store.StoreException;
import dev.tiphys.store.StoreException.Reason;
import dev.tiphys.store.Watch;
import dev.tiphys.store.Watcher;
import dev.tiphys.store.Write;
import dev.tiphys.store.WriteResult;
import dev.tiphys.store.etcd.api.CompactionRequest;
import dev.tiphys.store.etcd.api.LeaseGrantRequest;
import dev.tiphys.store.etcd.api.LeaseKeepAliveRequest;
import dev.tiphys.store.etcd.api.LeaseKeepAliveResponse;
import dev.tiphys.store.etcd.api.LeaseRevokeRequest;
import dev.tiphys.store.etcd.api.RangeRequest;
import dev.tiphys.store.etcd.api.RangeResponse;
import dev.tiphys.store.etcd.api.StatusRequest;
import dev.tiphys.world.World;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A [Store] in an etcd cluster, version 3.4 or later.
///
/// Nothing is kept here: every answer is etcd's, and as new as etcd is. A snapshot is read as it is
/// asked for, so it ends when its revision is compacted, and one of a wrong revision throws when it
/// is read first. A watch goes on when etcd is away for less than a minute, and learns of a
/// compacted past only after it began. Lives of leases are counted in whole seconds, and a very
/// short one is made longer. All deletions that the end of a lease brings have the same revision.
/// Causes are forgotten.
///
/// It lives in the real world only.
public final class EtcdStore implements Store {

  private final EtcdClient client;
  private final World world;
  private final EtcdCompactor compactor;
  private final Set<EtcdWatch> watches = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

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
    this.compactor = new EtcdCompactor(client, world, this::compact);
  }

  @Override
  public long revision() {
    checkOpen();
    RangeRequest cheap =
        RangeRequest.newBuilder().setKey(EtcdKeys.key("/")).setCountOnly(true).build();
    return client.call(EtcdMethods.RANGE, cheap).getHeader().getRevision();
  }

  @Override
  public long compactedRevision() {
    checkOpen();
    return EtcdCompaction.revision(client);
  }

  @Override
  public @Nullable KeyValue get(String key) {
    checkOpen();
    RangeResponse found =
        client.call(EtcdMethods.RANGE, RangeRequest.newBuilder().setKey(EtcdKeys.key(key)).build());
    return found.getKvsCount() == 0 ? null : EtcdStates.state(found.getKvs(0));
  }

  @Override
  public Snapshot snapshot() {
    return new EtcdSnapshot(client, revision());
  }

  @Override
  public Snapshot snapshot(long revision) {
    checkOpen();
    return new EtcdSnapshot(client, Math.max(revision, 1));
  }

  @Override
  public WriteResult write(Write write) {
    checkOpen();
    EtcdWrite request = new EtcdWrite(write);
    return request.result(client.call(EtcdMethods.TXN, request.request()));
  }

  @Override
  public Watch watch(String prefix, long fromRevision, Watcher watcher) {
    checkOpen();
    EtcdWatch watch =
        new EtcdWatch(client, world, prefix, fromRevision - 1, watcher, watches::remove);
    watch.start();
    watches.add(watch);
    if (closed) {
      watch.end(closedException());
    }
    world.background().start("etcd watch " + prefix, watch);
    return watch;
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
    watches.forEach(watch -> watch.end(closedException()));
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

package dev.tiphys.store.etcd;

import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Snapshot;
import dev.tiphys.store.etcd.api.RangeRequest;
import dev.tiphys.store.etcd.api.RangeResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The store at one revision, read from etcd as it is asked for.
///
/// @param revision at least 1
record EtcdSnapshot(EtcdClient client, long revision) implements Snapshot {

  /// How many states one answer may hold, so that neither side must have all of them at once.
  private static final int PAGE = 2000;

  @Override
  public @Nullable KeyValue get(String key) {
    RangeResponse found =
        client.call(EtcdMethods.RANGE, request().setKey(EtcdKeys.key(key)).build());
    return found.getKvsCount() == 0 ? null : EtcdStates.state(found.getKvs(0));
  }

  @Override
  public List<KeyValue> list(String prefix, String after, int limit) {
    List<KeyValue> states = new ArrayList<>();
    EtcdKeys.Range rest = range(prefix, after);
    boolean more = !rest.isEmpty();
    while (more && states.size() < limit) {
      RangeResponse page =
          client.call(
              EtcdMethods.RANGE,
              request(rest).setLimit(Math.min(PAGE, limit - states.size())).build());
      page.getKvsList().forEach(state -> states.add(EtcdStates.state(state)));
      more = page.getMore();
      if (more) {
        rest = rest.after(page.getKvs(page.getKvsCount() - 1).getKey());
      }
    }
    return states;
  }

  @Override
  public long count(String prefix, String after) {
    EtcdKeys.Range range = range(prefix, after);
    return range.isEmpty()
        ? 0
        : client.call(EtcdMethods.RANGE, request(range).setCountOnly(true).build()).getCount();
  }

  private static EtcdKeys.Range range(String prefix, String after) {
    EtcdKeys.Range all = EtcdKeys.startingWith(prefix);
    return after.isEmpty() ? all : all.after(EtcdKeys.key(after));
  }

  private RangeRequest.Builder request(EtcdKeys.Range range) {
    return request().setKey(range.first()).setRangeEnd(range.end());
  }

  private RangeRequest.Builder request() {
    return RangeRequest.newBuilder().setRevision(revision);
  }
}

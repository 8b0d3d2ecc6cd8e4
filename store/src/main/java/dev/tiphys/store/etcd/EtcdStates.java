package dev.tiphys.store.etcd;

import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.replica.TreeEdit;

/// The store's words for etcd's messages.
final class EtcdStates {

  private EtcdStates() {}

  static KeyValue state(dev.tiphys.store.etcd.api.KeyValue state) {
    return new KeyValue(
        state.getKey().toStringUtf8(),
        state.getValue().toByteArray(),
        state.getCreateRevision(),
        state.getModRevision(),
        state.getVersion(),
        state.getLease(),
        0);
  }

  /// @param before what the event happened to
  static Event event(dev.tiphys.store.etcd.api.Event event, TreeEdit before) {
    String key = event.getKv().getKey().toStringUtf8();
    boolean deleted = event.getType() == dev.tiphys.store.etcd.api.Event.Type.DELETE;
    return new Event(
        event.getKv().getModRevision(),
        key,
        deleted ? null : state(event.getKv()),
        before.get(key),
        0);
  }
}

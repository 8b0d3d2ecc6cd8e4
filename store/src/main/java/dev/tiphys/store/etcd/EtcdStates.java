package dev.tiphys.store.etcd;

import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;

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

  static Event event(dev.tiphys.store.etcd.api.Event event) {
    boolean deleted = event.getType() == dev.tiphys.store.etcd.api.Event.Type.DELETE;
    return new Event(
        event.getKv().getModRevision(),
        event.getKv().getKey().toStringUtf8(),
        deleted ? null : state(event.getKv()),
        event.hasPrevKv() ? state(event.getPrevKv()) : null,
        0);
  }
}

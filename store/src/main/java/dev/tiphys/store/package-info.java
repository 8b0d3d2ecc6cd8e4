/// The revisioned key-value store: what the API server may rely on, whichever engine is below.
///
/// The terms are etcd's. A **revision** numbers the whole store: it grows by one with every write
/// that changes something. A [dev.tiphys.store.KeyValue] is one state of one key. A
/// [dev.tiphys.store.Snapshot] is the whole store as it was at one revision. A
/// [dev.tiphys.store.History] holds the newest of them and the recent ones, in memory, and a
/// [dev.tiphys.store.Cursor] is a reader's place in it. A **lease** is a span of life that keys can
/// be tied to. **Compaction** gives up the states that were replaced before a revision. Values are
/// bytes: nothing here knows what they mean.
package dev.tiphys.store;

/// Takes, binds and deletes snapshots.
package dev.tiphys.storage.snapshotter;

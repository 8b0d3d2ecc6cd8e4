/// A real etcd as the store: for clusters with more than one API server.
///
/// Keys and values lie in etcd as they are given, so etcdctl and upstream's API server see what
/// they expect. Causes are not stored, as there is no place for them.
package dev.tiphys.store.etcd;

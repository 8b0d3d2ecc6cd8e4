/// The cluster as its parts see it.
///
/// [dev.tiphys.client.Api] reads, writes and watches objects; in the API server's own process it
/// leads straight into the server's chain, elsewhere it speaks HTTP. An
/// [dev.tiphys.client.Informer] keeps a local copy of one resource up to date and tells of changes;
/// a [dev.tiphys.client.controller.WorkQueue] hands out the keys of objects that need a look, one
/// worker per key at a time; a [dev.tiphys.client.controller.Controller] runs a
/// [dev.tiphys.client.controller.Reconciler] over such a queue.
///
/// Everything that acts on the cluster is written against this package and nothing beneath it.
package dev.tiphys.client;

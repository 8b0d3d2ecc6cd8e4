/// The one road that every object takes, whatever its kind.
///
/// A [dev.tiphys.apiserver.registry.Registry] serves one resource: it reads, lists, creates,
/// updates and deletes objects in the store, in the order of steps that upstream's has. What is
/// special to a kind is a small [dev.tiphys.apiserver.registry.Strategy].
/// [dev.tiphys.apiserver.storage.Storage] turns objects into the store's bytes and back;
/// [dev.tiphys.apiserver.catalog.Catalog] knows all resources.
package dev.tiphys.apiserver.registry;

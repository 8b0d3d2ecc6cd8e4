/// The tables that `kubectl get` prints: the server decides what their columns show.
///
/// What a cell shows is written in the table of resources as a small expression: a path, a function
/// of paths such as `age(metadata.creationTimestamp)`, or the name of a function made for one kind
/// such as `pod.status`; behind a ` | ` stands what an empty cell shows instead.
package dev.tiphys.apiserver.table;

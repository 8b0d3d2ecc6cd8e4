/// What is special to each kind: the [dev.tiphys.apiserver.registry.Strategy] and the subresources
/// of those that have any.
package dev.tiphys.apiserver.kinds;

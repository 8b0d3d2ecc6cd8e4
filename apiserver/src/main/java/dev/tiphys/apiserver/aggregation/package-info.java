/// Groups of the API that other servers serve, as APIServices say: whether these servers are there,
/// what they serve, and requests passed on to them.
///
/// See
/// <https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation/>.
package dev.tiphys.apiserver.aggregation;

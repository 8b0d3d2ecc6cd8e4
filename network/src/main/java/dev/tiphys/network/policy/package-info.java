/// Network policies: which Pods may talk to which, and to whom outside.
///
/// [dev.tiphys.network.policy.NetworkPolicies] follows policies, Pods and namespaces, plans for
/// each Pod of its node what is let through, and has the kernel hold to it before the Pod starts.
package dev.tiphys.network.policy;

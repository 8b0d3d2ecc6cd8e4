/// Where Pods may run: what they ask for, which nodes they choose, and which taints they tolerate.
/// The scheduler, the controllers and the node agent read a Pod by the same rules.
package dev.tiphys.client.placement;

/// Asks containers whether they are well, and tells them of their beginning and end.
///
/// [dev.tiphys.node.probes.PodProbes] keeps the probes of a Pod running;
/// [dev.tiphys.node.probes.Handler] does what a probe or a hook says.
package dev.tiphys.node.probes;

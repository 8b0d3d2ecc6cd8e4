/// Where requests are passed on to: named sets of endpoints, which of them is chosen, and the
/// connections to them that are kept.
package dev.tiphys.network.router.backends;

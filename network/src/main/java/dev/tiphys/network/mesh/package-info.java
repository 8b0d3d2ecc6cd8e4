/// Calls between Pods that go by the HTTP engine: those to ports of Services that a route governs.
///
/// [Mesh] has a listener for each such port, and [Redirects] has the kernel send connections there.
/// For all other Services nothing changes.
package dev.tiphys.network.mesh;

/// Where clients reach the proxy from outside: ports that are open while something is served there,
/// shared by all that feed them.
package dev.tiphys.network.router.listeners;

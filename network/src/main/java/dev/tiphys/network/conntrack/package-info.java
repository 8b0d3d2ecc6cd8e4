/// What the kernel remembers of connections, as far as Services have to do with it.
package dev.tiphys.network.conntrack;

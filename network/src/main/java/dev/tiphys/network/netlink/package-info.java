/// The kernel's own interface to its network tables.
package dev.tiphys.network.netlink;

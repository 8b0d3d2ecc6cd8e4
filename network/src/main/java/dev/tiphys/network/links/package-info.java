/// Links, addresses, routes and neighbours of a machine, read and changed without a program between
/// (`linux/rtnetlink.h`).
package dev.tiphys.network.links;

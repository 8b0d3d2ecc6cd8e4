package dev.tiphys.network.links;

import dev.tiphys.network.Prefix;
import java.net.InetAddress;

/// A route to a block of addresses by way of a machine.
///
/// @param link the index of the link by which packets leave
/// @param direct whether the machine is taken to be on that link, whatever addresses the link has
public record Route(Prefix to, InetAddress via, int link, boolean direct) {}

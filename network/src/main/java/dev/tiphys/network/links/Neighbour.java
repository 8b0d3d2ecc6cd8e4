package dev.tiphys.network.links;

import java.net.InetAddress;

/// What has a hardware address: a machine on a link, or the end of a tunnel behind which that
/// address is.
public record Neighbour(HardwareAddress hardware, InetAddress address) {}

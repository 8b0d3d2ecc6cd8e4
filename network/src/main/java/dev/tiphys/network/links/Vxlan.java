package dev.tiphys.network.links;

import java.net.InetAddress;

/// A VXLAN: Ethernet frames in datagrams (RFC 7348), to ends that are told to it one by one.
///
/// @param number what tells it from others of the same machines
/// @param from the address of this machine
/// @param port of all ends
public record Vxlan(int number, InetAddress from, int port) {}

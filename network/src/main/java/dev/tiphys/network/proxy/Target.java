package dev.tiphys.network.proxy;

import java.net.InetAddress;

/// Where connections are sent.
record Target(InetAddress address, int port) {}

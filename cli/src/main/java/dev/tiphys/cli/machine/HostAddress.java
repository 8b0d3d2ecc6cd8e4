package dev.tiphys.cli.machine;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.List;

/// The address of this machine that others reach it under.
public final class HostAddress {

  /// What names of network interfaces begin with that lead to containers, not to other machines.
  private static final List<String> VIRTUAL =
      List.of("tiphys", "docker", "veth", "cni", "br-", "virbr", "flannel");

  private HostAddress() {}

  /// The first IPv4 address of a network interface that leads elsewhere.
  ///
  /// @throws CliException if there is none
  public static String find() {
    try {
      for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (device.isUp() && !device.isLoopback() && !isVirtual(device.getName())) {
          for (InetAddress address : Collections.list(device.getInetAddresses())) {
            if (address instanceof Inet4Address && !address.isLinkLocalAddress()) {
              return address.getHostAddress();
            }
          }
        }
      }
    } catch (SocketException e) {
      throw new CliException("cannot list the network interfaces: " + e.getMessage(), e);
    }
    throw new CliException(
        "this machine has no IPv4 address but the loopback's; give one to a network interface");
  }

  private static boolean isVirtual(String device) {
    return VIRTUAL.stream().anyMatch(device::startsWith);
  }
}

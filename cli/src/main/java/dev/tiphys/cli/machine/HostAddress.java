package dev.tiphys.cli.machine;

import dev.tiphys.object.IpAddress;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/// The address of this machine that others reach it under.
public final class HostAddress {

  /// What names of network interfaces begin with that lead to containers, not to other machines.
  private static final List<String> VIRTUAL =
      List.of(
          "tiphys", "vx-", "docker", "veth", "cni", "br-", "virbr", "flannel", "cali", "cilium");

  private HostAddress() {}

  /// The first IPv4 address of a network interface that leads elsewhere: of the one by which most
  /// of the world is reached, if there is such a one.
  ///
  /// @throws CliException if there is none
  public static String find() {
    return find(false);
  }

  /// An address of each family of which Pods have addresses, in their order.
  ///
  /// @param podRanges where they have theirs from
  /// @throws CliException if the machine has none of a family
  public static List<String> find(List<String> podRanges) {
    return podRanges.stream().map(range -> find(range.contains(":"))).toList();
  }

  private static String find(boolean ipv6) {
    try {
      List<NetworkInterface> devices = Collections.list(NetworkInterface.getNetworkInterfaces());
      String usual = usualDevice();
      devices.sort(Comparator.comparing(device -> !device.getName().equals(usual)));
      for (NetworkInterface device : devices) {
        if (device.isUp() && !device.isLoopback() && !isVirtual(device.getName())) {
          for (InetAddress address : Collections.list(device.getInetAddresses())) {
            if (address instanceof Inet6Address == ipv6 && !address.isLinkLocalAddress()) {
              String text = address.getHostAddress(); // of IPv6 with the link behind it
              return IpAddress.of(text.replaceAll("%.*", "")).toString();
            }
          }
        }
      }
    } catch (SocketException e) {
      throw new CliException("cannot list the network interfaces: " + e.getMessage(), e);
    }
    throw new CliException(
        "this machine has no IPv%d address but the loopback's; give one to a network interface"
            .formatted(ipv6 ? 6 : 4));
  }

  /// The interface of the default route (`proc(5)`, `/proc/net/route`); empty if there is none.
  private static String usualDevice() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/net/route"))) {
        String[] fields = line.split("\\s+");
        if (fields.length > 1 && fields[1].equals("00000000")) {
          return fields[0];
        }
      }
    } catch (IOException _) {
      // Not this kind of machine.
    }
    return "";
  }

  private static boolean isVirtual(String device) {
    return VIRTUAL.stream().anyMatch(device::startsWith);
  }
}

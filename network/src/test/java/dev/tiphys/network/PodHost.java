package dev.tiphys.network;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// A node for tests, as the plugins of a real one make it: a host that forwards, with a cable to
/// each of its Pods, and a machine outside that knows the node alone.
public final class PodHost implements AutoCloseable {
  private static final List<Prefix> POD_RANGES =
      List.of(Prefix.of("10.244.0.0/16"), Prefix.of("fd00:10:244::/48"));

  private final Host host = Host.create();
  private final Host outside = Host.create();
  private final List<Host> pods = new ArrayList<>();
  private final List<AutoCloseable> servers = new ArrayList<>();
  private final String name;
  private final int number;

  /// @param number of the node: its address is 192.0.2.NUMBER, and its Pods are in
  ///   10.244.NUMBER.0/24
  public PodHost(String name, int number) {
    this.name = name;
    this.number = number;
    host.connect("eth0", "192.0.2.%d/24".formatted(number), outside, "eth0", "192.0.2.200/24");
    host.run("ip", "address", "add", "fd00:2::%d/64".formatted(number), "dev", "eth0", "nodad");
    outside.run("ip", "address", "add", "fd00:2::200/64", "dev", "eth0", "nodad");
    host.run("ip", "route", "add", "default", "via", "192.0.2.200");
    host.run("ip", "-6", "route", "add", "default", "via", "fd00:2::200");
    host.run(
        "sysctl",
        "-q",
        "-w",
        "net.ipv4.ip_forward=1",
        "net.ipv6.conf.all.forwarding=1",
        "net.ipv4.conf.all.rp_filter=0",
        // A test is refused more often than a host is to say so.
        "net.ipv4.icmp_ratelimit=0",
        "net.ipv6.icmp.ratelimit=0");
  }

  /// The node itself.
  public Host host() {
    return host;
  }

  /// A machine outside, at 192.0.2.200 and fd00:2::200.
  public Host outside() {
    return outside;
  }

  public String address() {
    return "192.0.2." + number;
  }

  public NetworkSettings settings() {
    return new NetworkSettings(
        name,
        List.of(InetAddress.ofLiteral(address()), InetAddress.ofLiteral("fd00:2::" + number)),
        POD_RANGES,
        "test",
        host.namespace());
  }

  /// The address of a Pod.
  public String podAddress(int pod) {
    return "10.244.%d.%d".formatted(number, pod);
  }

  /// The other address of a Pod.
  public String podAddress6(int pod) {
    return "fd00:10:244:%d::%d".formatted(number, pod);
  }

  /// A Pod.
  ///
  /// @param pod its number, from 2 on
  public Host addPod(int pod) {
    Host added = Host.create();
    pods.add(added);
    String cable = "veth" + pod;
    String gateway = podAddress(1);
    String gateway6 = podAddress6(1);
    host.connect(cable, gateway + "/32", added, "eth0", podAddress(pod) + "/32");
    host.run("ip", "route", "add", podAddress(pod), "dev", cable);
    added.run("ip", "route", "add", gateway, "dev", "eth0");
    added.run("ip", "route", "add", "default", "via", gateway);
    host.run("ip", "address", "add", gateway6 + "/128", "dev", cable, "nodad");
    added.run("ip", "address", "add", podAddress6(pod) + "/128", "dev", "eth0", "nodad");
    host.run("ip", "-6", "route", "add", podAddress6(pod), "dev", cable);
    added.run("ip", "-6", "route", "add", gateway6, "dev", "eth0");
    added.run("ip", "-6", "route", "add", "default", "via", gateway6);
    return added;
  }

  /// A Pod that serves a port under its name `pod-NUMBER`.
  public Host addServer(int pod, int port) throws Exception {
    Host added = addPod(pod);
    servers.add(added.serve("pod-" + pod, port));
    return added;
  }

  @Override
  public void close() throws IOException {
    for (AutoCloseable server : servers) {
      close(server);
    }
    pods.forEach(Host::close);
    outside.close();
    host.close();
  }

  private static void close(AutoCloseable one) throws IOException {
    try {
      one.close();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}

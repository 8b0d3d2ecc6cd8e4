package dev.tiphys.network.pods;

import dev.tiphys.apiserver.allocation.ServiceRanges;
import dev.tiphys.client.ApiResource;
import dev.tiphys.network.Host;
import dev.tiphys.network.LiveApi;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.Prefix;
import dev.tiphys.world.RealWorld;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Nodes on links that routers connect, each with a Pod that serves a port.
final class Fleet implements AutoCloseable {
  static final int PORT = 8080;

  private final LiveApi api =
      new LiveApi(new RealWorld(), ServiceRanges.of("10.96.0.0/12,fd00:10:96::/112"));
  private final Map<Integer, Host> links = new HashMap<>();
  private final Map<Integer, Host> nodes = new HashMap<>();
  private final Map<Integer, Host> pods = new HashMap<>();
  private final Map<Integer, NetworkSettings> settings = new HashMap<>();
  private final Map<Integer, PodRoutes> routes = new HashMap<>();
  private final Map<Integer, Integer> packets = new ConcurrentHashMap<>();
  private final List<AutoCloseable> others = new ArrayList<>();
  private int ports;

  LiveApi api() {
    return api;
  }

  Host node(int number) {
    return nodes.get(number);
  }

  Host pod(int node) {
    return pods.get(node);
  }

  /// How large packets of Pods may be, as a node was told; 0 before.
  int packets(int node) {
    return packets.getOrDefault(node, 0);
  }

  NetworkSettings settings(int node) {
    return settings.get(node);
  }

  static String podAddress(int node) {
    return "10.244.%d.2".formatted(node);
  }

  static String podAddress6(int node) {
    return "fd00:10:244:%d::2".formatted(node);
  }

  private Host link(int number) {
    return links.computeIfAbsent(
        number,
        _ -> {
          Host link = Host.create();
          link.run("ip", "link", "add", "br0", "type", "bridge");
          link.run("ip", "link", "set", "br0", "up");
          return link;
        });
  }

  private void plug(Host host, String name, int link) {
    String port = "port" + ports++;
    host.run(
        "ip",
        "link",
        "add",
        name,
        "type",
        "veth",
        "peer",
        "name",
        port,
        "netns",
        link(link).name());
    link(link).run("ip", "link", "set", port, "master", "br0", "up");
    host.run("ip", "address", "add", addressOf(host, link), "dev", name);
    host.run("ip", "address", "add", address6Of(host, link), "dev", name, "nodad");
    host.run("ip", "link", "set", name, "up");
  }

  private String addressOf(Host host, int link) {
    return "192.0.%d.%d/24".formatted(link, number(host));
  }

  private String address6Of(Host host, int link) {
    return "fd00:%d::%x/64".formatted(link, number(host));
  }

  /// Routers have the last address of each link.
  private int number(Host host) {
    return nodes.entrySet().stream()
        .filter(one -> one.getValue() == host)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(254);
  }

  private static void forward(Host host) {
    host.run(
        "sysctl",
        "-q",
        "-w",
        "net.ipv4.ip_forward=1",
        "net.ipv6.conf.all.forwarding=1",
        "net.ipv4.conf.all.rp_filter=0");
  }

  /// A router between two links, which knows nothing of Pods.
  void addRouter(int one, int other) {
    Host router = Host.create();
    others.add(router);
    forward(router);
    plug(router, "eth0", one);
    plug(router, "eth1", other);
  }

  void addNode(int number, int link) throws Exception {
    Host node = Host.create();
    nodes.put(number, node);
    forward(node);
    plug(node, "eth0", link);
    node.run("ip", "route", "add", "default", "via", "192.0.%d.254".formatted(link));
    node.run("ip", "-6", "route", "add", "default", "via", "fd00:%d::fe".formatted(link));
    addPod(number, node);
    String address = "192.0.%d.%d".formatted(link, number);
    String address6 = "fd00:%d::%x".formatted(link, number);
    api.apply(
        ApiResource.NODES,
        """
        metadata: {name: node-%1$d}
        spec: {podCIDR: 10.244.%1$d.0/24, podCIDRs: [10.244.%1$d.0/24, 'fd00:10:244:%1$d::/64']}
        status:
          addresses: [{type: InternalIP, address: %2$s}, {type: InternalIP, address: '%3$s'}]
        """
            .formatted(number, address, address6));
    settings.put(
        number,
        new NetworkSettings(
            "node-" + number,
            List.of(InetAddress.ofLiteral(address), InetAddress.ofLiteral(address6)),
            List.of(Prefix.of("10.244.0.0/16"), Prefix.of("fd00:10:244::/48")),
            "test",
            node.namespace()));
    start(number);
  }

  private void addPod(int number, Host node) throws Exception {
    Host pod = Host.create();
    pods.put(number, pod);
    String gateway = "10.244.%d.1".formatted(number);
    String gateway6 = "fd00:10:244:%d::1".formatted(number);
    node.connect("veth0", gateway + "/32", pod, "eth0", podAddress(number) + "/32");
    node.run("ip", "route", "add", podAddress(number), "dev", "veth0");
    pod.run("ip", "route", "add", gateway, "dev", "eth0");
    pod.run("ip", "route", "add", "default", "via", gateway);
    node.run("ip", "address", "add", gateway6 + "/128", "dev", "veth0", "nodad");
    pod.run("ip", "address", "add", podAddress6(number) + "/128", "dev", "eth0", "nodad");
    node.run("ip", "-6", "route", "add", podAddress6(number), "dev", "veth0");
    pod.run("ip", "-6", "route", "add", gateway6, "dev", "eth0");
    pod.run("ip", "-6", "route", "add", "default", "via", gateway6);
    others.add(pod.serve("pod-" + number, PORT));
    others.add(node.serve("node-" + number, PORT));
  }

  /// Starts the routes of a node, in place of those that run.
  void start(int node) throws Exception {
    PodRoutes before = routes.remove(node);
    if (before != null) {
      before.close();
    }
    PodRoutes started =
        new PodRoutes(api.world(), api.api(), settings.get(node), mtu -> packets.put(node, mtu));
    packets.put(node, started.mtu());
    started.start();
    routes.put(node, started);
  }

  void stop(int node) {
    PodRoutes running = routes.remove(node);
    if (running != null) {
      running.close();
    }
  }

  @Override
  public void close() throws Exception {
    routes.values().forEach(PodRoutes::close);
    api.close();
    for (AutoCloseable one : others) {
      one.close();
    }
    pods.values().forEach(Host::close);
    nodes.values().forEach(Host::close);
    links.values().forEach(Host::close);
  }
}

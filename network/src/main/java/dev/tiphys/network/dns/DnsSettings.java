package dev.tiphys.network.dns;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;

/// What a DNS server of the cluster needs to know.
///
/// @param node on which it runs
/// @param addresses of the node, the first of each family: where it listens
/// @param port where it listens; another one is taken if it is not free
/// @param pagesPort where it tells of its health and shows metrics; another one is taken if it is
///   not free
/// @param service the addresses where Pods ask: those of the Service
/// @param domain of the cluster, as `cluster.local`
/// @param resolvConf the file that names the machine's own servers
/// @param threads how many answer
public record DnsSettings(
    String node,
    List<InetAddress> addresses,
    int port,
    int pagesPort,
    List<InetAddress> service,
    String domain,
    Path resolvConf,
    int threads) {

  /// Where it listens if it can: port 53 of a machine belongs to others.
  public static final int PORT = 1053;

  /// Where CoreDNS shows its metrics.
  public static final int PAGES_PORT = 9153;

  /// The domain of clusters unless it is said.
  public static final String DOMAIN = "cluster.local";

  private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
  private static final int MOST_THREADS = 4;

  public DnsSettings {
    addresses = List.copyOf(addresses);
    service = List.copyOf(service);
  }

  public DnsSettings withPort(int number) {
    return new DnsSettings(
        node, addresses, number, pagesPort, service, domain, resolvConf, threads);
  }

  /// The usual settings of a node.
  public static DnsSettings of(
      String node, List<InetAddress> addresses, List<InetAddress> service, String domain) {
    return new DnsSettings(
        node,
        addresses,
        PORT,
        PAGES_PORT,
        service,
        domain,
        RESOLV_CONF,
        Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, MOST_THREADS));
  }
}

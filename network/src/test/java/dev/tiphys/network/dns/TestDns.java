package dev.tiphys.network.dns;

import dev.tiphys.client.ApiResource;
import dev.tiphys.network.LiveApi;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A DNS server on loopback, and the API that it follows.
final class TestDns implements AutoCloseable {

  static final String NODE = "node-1";
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress SERVICE = InetAddress.ofLiteral("10.96.0.10");

  final LiveApi api = new LiveApi();
  final Dns dns;
  final DnsClient client;
  private final Path resolvConf;

  TestDns() throws Exception {
    this(0);
  }

  /// @param upstream the port of the machine's own server; 0 for none
  TestDns(int upstream) throws Exception {
    resolvConf = Files.createTempFile("resolv", ".conf");
    upstream(upstream);
    dns =
        new Dns(
            api.world(),
            api.api(),
            new DnsSettings(
                NODE, List.of(LOOPBACK), 0, 0, List.of(SERVICE), "cluster.local", resolvConf, 2));
    dns.start();
    client = new DnsClient(LOOPBACK, dns.port());
    api.eventually(dns::ready);
  }

  Path resolvConf() {
    return resolvConf;
  }

  /// Changes the machine's own server.
  void upstream(int port) throws IOException {
    Files.writeString(resolvConf, port == 0 ? "" : "nameserver 127.0.0.1:" + port + "\n");
  }

  void service(String name, String spec) {
    api.apply(
        ApiResource.SERVICES,
        """
        metadata: {name: %s}
        spec: {ports: [{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}], %s}
        """
            .formatted(name, spec));
  }

  /// Makes or changes the slice of a Service.
  ///
  /// @param endpoints as in a slice
  void slice(String service, String name, String type, String endpoints) {
    api.apply(
        ApiResource.ENDPOINT_SLICES,
        """
        metadata: {name: %s, labels: {kubernetes.io/service-name: %s}}
        addressType: %s
        ports: [{name: http, port: 8080, protocol: TCP}]
        endpoints: [%s]
        """
            .formatted(name, service, type, endpoints));
  }

  void configure(String corefile) {
    api.apply(
        ApiResource.CONFIG_MAPS,
        """
        metadata: {name: coredns, namespace: kube-system}
        data:
          Corefile: |
        """
            + corefile.indent(4));
  }

  @Override
  public void close() {
    dns.close();
    api.close();
  }
}

package dev.tiphys.cli.options;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.network.dns.DnsSettings;
import dev.tiphys.object.IpAddress;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/// Where Pods ask for names.
public final class ClusterDnsOption {

  @Option(
      names = "--cluster-dns",
      split = ",",
      paramLabel = "ADDRESS",
      description =
          "The name servers of Pods. Default: the tenth address of the range of Services if the DNS"
              + " runs here, else none.")
  private List<String> servers = List.of();

  @Option(
      names = "--cluster-domain",
      paramLabel = "DOMAIN",
      description = "The domain of the cluster's names. Default: ${DEFAULT-VALUE}.")
  private String domain = DnsSettings.DOMAIN;

  /// @param usual the server unless it is said; empty for none
  /// @throws CliException if what is said is no address
  public List<String> servers(Supplier<String> usual) {
    for (String each : servers) {
      if (IpAddress.parse(each) == null) {
        throw new CliException("--cluster-dns: no address: " + each);
      }
    }
    if (!servers.isEmpty()) {
      return List.copyOf(servers);
    }
    String server = usual.get();
    return server.isEmpty() ? List.of() : List.of(server);
  }

  /// @throws CliException if it is no domain
  public String domain() {
    if (domain.isEmpty() || !domain.matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?")) {
      throw new CliException("--cluster-domain: no domain: " + domain);
    }
    return domain;
  }
}

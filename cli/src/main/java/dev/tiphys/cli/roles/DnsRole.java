package dev.tiphys.cli.roles;

import dev.tiphys.apiserver.allocation.ServiceRanges;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.network.dns.Dns;
import dev.tiphys.network.dns.DnsSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/// The cluster's DNS, where it runs beside other roles or alone.
public final class DnsRole {

  /// What the DNS is called by the API server.
  public static final String USER = "system:tiphys:dns";

  /// Its program, as managed fields and traces name it.
  public static final String PROGRAM = "coredns";

  private DnsRole() {}

  /// Starts it. It gets ready by itself.
  ///
  /// @param api as the DNS sees it
  /// @param node what the node is called
  /// @param address of the node
  /// @param service the addresses where Pods ask
  /// @param domain of the cluster
  /// @throws CliException if it cannot listen
  public static Dns start(
      World world, Api api, String node, String address, List<String> service, String domain) {
    try {
      Dns dns =
          new Dns(
              world,
              api,
              DnsSettings.of(
                  node,
                  List.of(InetAddress.ofLiteral(address)),
                  service.stream().map(InetAddress::ofLiteral).toList(),
                  domain));
      dns.start();
      return dns;
    } catch (IOException e) {
      throw new CliException("cannot start the DNS: " + e.getMessage(), e);
    }
  }

  /// Where the DNS of a cluster is found: at the address of its Service; before there is one, at
  /// the tenth of the range of Services. Empty if the cluster does not say.
  public static List<String> addressIn(Api api) {
    try {
      Struct service = api.find(ApiResource.SERVICES, "kube-system", "kube-dns");
      if (service != null) {
        return service.struct("spec").strings("clusterIPs");
      }
      Struct range = api.find(ApiResource.SERVICE_CIDRS, "", "kubernetes");
      return range == null
          ? List.of()
          : List.of(
              ServiceRanges.of(String.join(",", range.struct("spec").strings("cidrs")))
                  .dnsAddress());
    } catch (ApiException e) {
      return List.of(); // This client may not know.
    }
  }
}

package dev.tiphys.cli.roles;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.network.dns.Dns;
import dev.tiphys.network.dns.DnsSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.World;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// The cluster's DNS, where it runs beside other roles or alone.
public final class DnsRole {

  /// What the DNS is called by the API server.
  public static final String USER = "system:tiphys:dns";

  /// Its program, as managed fields and traces name it.
  public static final String PROGRAM = "coredns";

  /// How far the address of the DNS is behind that of the API servers.
  private static final int BETWEEN = 9;

  private DnsRole() {}

  /// The usual settings.
  ///
  /// @param node what the node is called
  /// @param address of the node
  /// @param service the addresses where Pods ask
  /// @param domain of the cluster
  public static DnsSettings settings(
      String node, String address, List<String> service, String domain) {
    return DnsSettings.of(
        node,
        List.of(InetAddress.ofLiteral(address)),
        service.stream().map(InetAddress::ofLiteral).toList(),
        domain);
  }

  /// Starts it. It gets ready by itself.
  ///
  /// @param api as the DNS sees it
  /// @throws CliException if it cannot listen
  public static Dns start(World world, Api api, DnsSettings settings) {
    try {
      Dns dns = new Dns(world, api, settings);
      dns.start();
      return dns;
    } catch (IOException e) {
      throw new CliException("cannot start the DNS: " + e.getMessage(), e);
    }
  }

  /// Where Pods ask in a cluster that has a DNS elsewhere; empty if it has none.
  ///
  /// @param api that may read Services
  public static String addressOfService(Api api) {
    Struct service = api.find(ApiResource.SERVICES, "kube-system", "kube-dns");
    return service == null ? "" : service.string("spec", "clusterIP");
  }

  /// Where Pods ask in a cluster that another process runs: at the tenth address of its range of
  /// Services, of which the Service of the API servers has the first.
  ///
  /// @param api that may read Services
  /// @throws CliException if that is not known
  public static String addressOf(Api api) {
    try {
      String first =
          api.get(ApiResource.SERVICES, "default", "kubernetes").string("spec", "clusterIP");
      byte[] address = InetAddress.ofLiteral(first).getAddress();
      byte[] sum = new BigInteger(1, address).add(BigInteger.valueOf(BETWEEN)).toByteArray();
      int length = Math.min(sum.length, address.length);
      System.arraycopy(sum, sum.length - length, address, address.length - length, length);
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (ApiException e) {
      throw new CliException(
          "the address of the DNS is not known (%s); name it with --cluster-dns"
              .formatted(e.message()),
          e);
    } catch (UnknownHostException | IllegalArgumentException e) {
      throw new CliException("the address of the DNS is not known; name it with --cluster-dns", e);
    }
  }
}

package dev.tiphys.cli.roles;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.network.Prefix;
import dev.tiphys.network.dns.Dns;
import dev.tiphys.network.dns.DnsSettings;
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

  /// Which address of the range of Services is the DNS'.
  private static final BigInteger PLACE = BigInteger.TEN;

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

  /// The address of the DNS in a range of Services: the tenth.
  public static String addressIn(String range) {
    byte[] first = Prefix.of(range).first().getAddress();
    byte[] sum = new BigInteger(1, first).add(PLACE).toByteArray();
    byte[] address = new byte[first.length];
    int length = Math.min(sum.length, address.length);
    System.arraycopy(sum, sum.length - length, address, address.length - length, length);
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}

package dev.tiphys.cli.parts;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.machine.HostAddress;
import dev.tiphys.cli.machine.HostName;
import dev.tiphys.cli.options.DataOption;
import dev.tiphys.cli.options.ServerOption;
import dev.tiphys.cli.options.TuningOptions;
import dev.tiphys.cli.roles.Closeables;
import dev.tiphys.cli.roles.ContainerMachinery;
import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.Prefix;
import dev.tiphys.network.health.Pages;
import dev.tiphys.network.netlink.Namespace;
import dev.tiphys.network.nftables.Family;
import dev.tiphys.network.proxy.Proxy;
import dev.tiphys.network.proxy.ProxySettings;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tiphys proxy`
@Command(
    name = "proxy",
    description =
        "Makes the Services of a cluster reachable on this node, and does nothing else of a cluster.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ProxyCommand implements Runnable {

  private static final String PRIMARY = "primary";
  private static final System.Logger LOG = System.getLogger(ProxyCommand.class.getName());

  @Mixin private ServerOption server = new ServerOption();
  @Mixin private DataOption data = new DataOption();

  @Option(
      names = "--hostname-override",
      paramLabel = "NAME",
      description = "What the node is called. Default: as the machine.")
  private @Nullable String name;

  @Option(
      names = "--cluster-cidr",
      split = ",",
      paramLabel = "CIDR",
      description =
          "Where Pods have their addresses from. What comes to the address of a Service from"
              + " elsewhere leaves under the node's address.")
  private List<String> podRanges = List.of();

  @Option(
      names = "--masquerade-all",
      description =
          "Let all that comes to the address of a Service leave under the node's address.")
  private boolean masqueradeAll;

  @Option(
      names = "--nodeport-addresses",
      split = ",",
      paramLabel = "CIDR",
      description =
          "On which of the node's addresses node ports are: those in these ranges, or 'primary' for"
              + " the Node's own. Default: ${DEFAULT-VALUE}.")
  private List<String> nodePortAddresses = List.of(PRIMARY);

  @Option(
      names = "--healthz-bind-address",
      paramLabel = "ADDRESS:PORT",
      description = "Where health is told. Default: 0.0.0.0:10256.")
  private @Nullable String health;

  @Option(
      names = "--metrics-bind-address",
      paramLabel = "ADDRESS:PORT",
      description = "Where metrics are. Default: 127.0.0.1:10249.")
  private @Nullable String metrics;

  @Mixin private TuningOptions tuning = new TuningOptions();

  @Option(
      names = "--proxy-mode",
      paramLabel = "MODE",
      description = "How it is done: nftables is the only way.")
  private String mode = "nftables";

  @Option(names = "--cleanup", description = "Remove the rules of a proxy that ran here, and stop.")
  private boolean cleanup;

  @Override
  public void run() {
    if (!mode.equals("nftables")) {
      throw new CliException("--proxy-mode can only be nftables, not " + mode);
    }
    if (cleanup) {
      clean();
      return;
    }
    Kubeconfig.Access access = server.access();
    World world = new RealWorld();
    HttpApi api = new HttpApi(world, access, "kube-proxy");
    ServerOption.require(api, access);
    try (Closeables running = new Closeables()) {
      Proxy proxy = running.add(new Proxy(world, api, settings(api)));
      List<InetSocketAddress> pages =
          proxy.serve(address(health, Pages.HEALTH), address(metrics, Pages.METRICS));
      proxy.start();
      System.out.println(
          "The proxy works for %s; health is told on port %d, metrics on port %d."
              .formatted(access.server(), pages.getFirst().getPort(), pages.getLast().getPort()));
      running.awaitEnd();
    } catch (IOException e) {
      throw new CliException("the proxy cannot work: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void clean() {
    try {
      Proxy.clean(network("", List.of()));
    } catch (IOException e) {
      throw new CliException("cannot remove the proxy's rules: " + e.getMessage(), e);
    }
  }

  private NetworkSettings network(String node, List<InetAddress> addresses) {
    return new NetworkSettings(
        node,
        addresses,
        podRanges.stream().map(ProxyCommand::range).toList(),
        ContainerMachinery.networkName(data.directory()),
        Namespace.OWN);
  }

  private ProxySettings settings(HttpApi api) throws IOException {
    String node = name == null ? HostName.find() : name;
    return new ProxySettings(
        network(
                node,
                nodePortAddresses.equals(List.of(PRIMARY))
                    ? primary(api, node)
                    : addressesInRanges())
            .onThisKernel(),
        masqueradeAll,
        tuning.tuning());
  }

  /// The first address of each family that the Node tells of; the machine's own if it tells of none
  /// or may not be seen.
  static List<InetAddress> primary(Api api, String node) {
    Struct known = null;
    try {
      known = api.find(ApiResource.NODES, "", node);
    } catch (ApiException e) {
      LOG.log(Level.WARNING, "the addresses of the node are not known: {0}", e.message());
    }
    List<InetAddress> addresses = new ArrayList<>();
    for (Struct one : known == null ? List.<Struct>of() : known.structs("status", "addresses")) {
      if (one.string("type").equals("InternalIP")
          && IpAddress.parse(one.string("address")) != null) {
        InetAddress address = InetAddress.ofLiteral(one.string("address"));
        if (addresses.stream().noneMatch(a -> Family.of(a) == Family.of(address))) {
          addresses.add(address);
        }
      }
    }
    return addresses.isEmpty() ? List.of(InetAddress.ofLiteral(HostAddress.find())) : addresses;
  }

  private List<InetAddress> addressesInRanges() {
    List<Prefix> ranges = nodePortAddresses.stream().map(ProxyCommand::range).toList();
    try {
      return NetworkInterface.networkInterfaces()
          .filter(device -> !device.getName().equals("lo"))
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> ranges.stream().anyMatch(range -> range.contains(address)))
          .toList();
    } catch (SocketException e) {
      throw new CliException("cannot list the network interfaces: " + e.getMessage(), e);
    }
  }

  private static Prefix range(String text) {
    Prefix range = Prefix.parse(text);
    if (range == null) {
      throw new CliException(text + " is no range of addresses, such as 10.244.0.0/16");
    }
    return range;
  }

  private static InetSocketAddress address(@Nullable String text, InetSocketAddress usual) {
    if (text == null) {
      return usual;
    }
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon).replaceAll("[\\[\\]]", "");
    String port = colon < 0 ? "" : text.substring(colon + 1);
    if (IpAddress.parse(host) == null || !port.matches("[0-9]{1,5}")) {
      throw new CliException(text + " is no address and port, such as 127.0.0.1:10249");
    }
    return new InetSocketAddress(InetAddress.ofLiteral(host), Integer.parseInt(port));
  }
}

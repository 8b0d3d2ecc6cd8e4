package dev.tiphys.cli.parts;

import dev.tiphys.cli.machine.HostAddress;
import dev.tiphys.cli.machine.HostName;
import dev.tiphys.cli.options.ClusterDnsOption;
import dev.tiphys.cli.options.ServerOption;
import dev.tiphys.cli.roles.Closeables;
import dev.tiphys.cli.roles.DnsRole;
import dev.tiphys.client.http.HttpApi;
import dev.tiphys.client.http.Kubeconfig;
import dev.tiphys.network.dns.Dns;
import dev.tiphys.network.dns.DnsSettings;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tiphys dns`
@Command(
    name = "dns",
    description = "Runs the DNS of a cluster on this node, and nothing else of a cluster.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class DnsCommand implements Runnable {

  @Mixin private ServerOption server = new ServerOption();
  @Mixin private ClusterDnsOption dns = new ClusterDnsOption();

  @Option(
      names = "--node-name",
      paramLabel = "NAME",
      description = "What the node is called. Default: as the machine.")
  private @Nullable String name;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      description = "The address of the node, where it listens. Default: the machine's own.")
  private @Nullable String address;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "Where queries are answered; another one is taken if it is not free. Default:"
              + " ${DEFAULT-VALUE}.")
  private int port = DnsSettings.PORT;

  @Override
  public void run() {
    Kubeconfig.Access access = server.access();
    World world = new RealWorld();
    HttpApi api = new HttpApi(world, access, DnsRole.PROGRAM);
    ServerOption.require(api, access);
    try (Closeables running = new Closeables()) {
      Dns started =
          running.add(
              DnsRole.start(
                  world,
                  api,
                  DnsRole.settings(
                          name == null ? HostName.find() : name,
                          address == null ? HostAddress.find() : address,
                          dns.servers(() -> DnsRole.addressOf(api)),
                          dns.domain())
                      .withPort(port)));
      System.out.println(
          "The DNS works for %s on port %d; health, readiness and metrics are on port %d."
              .formatted(access.server(), started.port(), started.pagesPort()));
      running.awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package dev.tiphys.cli.options;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.cli.roles.Leading;
import dev.tiphys.cli.roles.PartPages;
import dev.tiphys.client.Api;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a part in a process of its own tells how it does, with upstream's words for it.
public final class PartPageOptions {

  private static final System.Logger LOG = System.getLogger(PartPageOptions.class.getName());

  @Option(
      names = "--secure-port",
      paramLabel = "PORT",
      description =
          "Where health and metrics are told, over HTTPS; 0 for nowhere. Default: upstream's for"
              + " this program, or a free port if another process has that.")
  private @Nullable Integer port;

  @Option(
      names = "--bind-address",
      paramLabel = "ADDRESS",
      description = "On which address. Default: ${DEFAULT-VALUE}.")
  private String address = "127.0.0.1";

  /// Begins to tell, if that is wanted.
  ///
  /// @param usual upstream's port
  /// @param metrics writes what the part counts
  /// @param documents what else it tells, by paths
  /// @throws CliException if the port that was asked for can't be had
  public Optional<PartPages> start(
      World world,
      Api api,
      int usual,
      Leading leading,
      Consumer<Exposition> metrics,
      Function<String, Optional<Struct>> documents) {
    if (port != null && port == 0) {
      return Optional.empty();
    }
    InetAddress host;
    try {
      host = InetAddress.ofLiteral(address);
    } catch (IllegalArgumentException e) {
      throw new CliException("--bind-address " + address + " is no address", e);
    }
    int wanted = port == null ? usual : port;
    PartPages pages = new PartPages(world, api, leading, metrics, documents);
    try {
      pages.listen(new InetSocketAddress(host, wanted));
      return Optional.of(pages);
    } catch (IOException e) {
      if (port == null) {
        return Optional.of(onFreePort(pages, host, usual));
      }
      pages.close();
      throw new CliException("cannot listen on port " + wanted + ": " + e.getMessage(), e);
    }
  }

  private static PartPages onFreePort(PartPages pages, InetAddress host, int usual) {
    try {
      InetSocketAddress free = pages.listen(new InetSocketAddress(host, 0));
      LOG.log(
          Level.INFO,
          "another process has the usual port for health and metrics: usual={0} port={1}",
          Integer.toString(usual),
          Integer.toString(free.getPort()));
      return pages;
    } catch (IOException e) {
      pages.close();
      throw new CliException("cannot listen for health and metrics: " + e.getMessage(), e);
    }
  }
}

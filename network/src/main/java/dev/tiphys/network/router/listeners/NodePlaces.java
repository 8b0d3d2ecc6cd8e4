package dev.tiphys.network.router.listeners;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;

/// Opens ports at the addresses of a node, unless they are taken there: then at an address that
/// only the node and its Pods reach. The loopback is served as well where it is free.
///
/// Threads: any.
public final class NodePlaces implements Places {

  private static final System.Logger LOG = System.getLogger(NodePlaces.class.getName());

  private final List<InetAddress> node;
  private final Spare spare;
  private final BiPredicate<InetAddress, Integer> ofService;

  /// An address for what can't have those of the node.
  @FunctionalInterface
  public interface Spare {

    /// @throws IOException if it can't be had
    InetAddress get() throws IOException;
  }

  /// @param node the addresses of the node
  /// @param ofService whether a Service has a port of an address
  public NodePlaces(
      List<InetAddress> node, Spare spare, BiPredicate<InetAddress, Integer> ofService) {
    this.node = List.copyOf(node);
    this.spare = spare;
    this.ofService = ofService;
  }

  @Override
  public List<InetAddress> of(int port, Set<InetAddress> open) {
    List<InetAddress> places = new ArrayList<>();
    for (InetAddress address : node) {
      boolean free = open.contains(address) || isFree(address, port);
      if (free && !ofService.test(address, port)) {
        places.add(address);
      }
    }
    try {
      if (places.isEmpty()) {
        places.add(spare.get());
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "No address for port {0}: {1}", port, e.getMessage());
    }
    places.add(InetAddress.getLoopbackAddress());
    return places;
  }

  private static boolean isFree(InetAddress address, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}

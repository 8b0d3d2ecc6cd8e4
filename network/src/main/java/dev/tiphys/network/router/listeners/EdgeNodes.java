package dev.tiphys.network.router.listeners;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.object.IpAddress;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/// Tells an edge at which other nodes the same is served: those that are ready, and say so
/// ([EdgeNotice]). Of what a Node says only its own addresses are believed.
///
/// Threads: any.
public final class EdgeNodes implements AutoCloseable {

  private final String node;
  private final Edge edge;
  private final Informer nodes;

  /// @param node the one of the edge
  public EdgeNodes(World world, Api api, String node, Edge edge) {
    this.node = node;
    this.edge = edge;
    this.nodes = new Informer(world, api, ApiResource.NODES);
    nodes.listen(Informer.Listener.ofAll(_ -> tell()));
  }

  /// Starts to follow the nodes, and returns at once.
  public void start() {
    nodes.start();
  }

  private void tell() {
    EdgePlaces all = EdgePlaces.of(Map.of());
    for (Struct each : nodes.list()) {
      String text = Meta.of(each).annotation(EdgePlaces.ANNOTATION);
      if (!text.isEmpty() && !Meta.of(each).name().equals(node) && isReady(each)) {
        all = all.and(EdgePlaces.parse(text).only(addresses(each)));
      }
    }
    edge.elsewhere(all.byPort());
  }

  private static boolean isReady(Struct node) {
    Struct ready = Meta.condition(node, "Ready");
    return ready != null && ready.string("status").equals("True");
  }

  private static List<InetAddress> addresses(Struct node) {
    return node.structs("status", "addresses").stream()
        .map(each -> each.string("address"))
        .filter(text -> IpAddress.parse(text) != null)
        .map(InetAddress::ofLiteral)
        .toList();
  }

  @Override
  public void close() {
    nodes.close();
  }
}

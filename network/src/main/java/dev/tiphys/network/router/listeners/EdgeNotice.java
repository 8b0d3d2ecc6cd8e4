package dev.tiphys.network.router.listeners;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.PatchType;
import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.Gate;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.Supervisor.OnFailure;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/// Tells the cluster at which addresses and ports a node serves the edge, in an annotation of the
/// Node. One that serves nothing has none.
///
/// Threads: any.
public final class EdgeNotice implements AutoCloseable {

  private static final Duration RETRY = Duration.ofSeconds(2);

  /// The node may be written anew by others, or be registered again.
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final Api api;
  private final World world;
  private final String node;
  private final List<InetAddress> addresses;
  private final Edge edge;
  private final Gate look;
  private final SupervisedTask task;

  /// @param api as the node sees it
  /// @param addresses the node's, of which others may be told
  public EdgeNotice(World world, Api api, String node, List<InetAddress> addresses, Edge edge) {
    this.world = world;
    this.api = api;
    this.node = node;
    this.addresses = List.copyOf(addresses);
    this.edge = edge;
    this.look = world.background().gate();
    this.task = world.supervisor().task("edge-notice", OnFailure.RESTART);
    edge.onChange(look::open);
  }

  /// Starts to tell, and returns at once.
  public void start() {
    task.start(this::run);
  }

  private void run() throws InterruptedException {
    look.open();
    while (true) {
      boolean _ = look.await(AGAIN);
      try {
        tell(EdgePlaces.of(edge.here()).only(addresses).text());
        task.problem("");
      } catch (ApiException e) {
        task.problem("where the edge is served is not told: " + e.message());
        world.sleep(RETRY);
        look.open();
      }
    }
  }

  private void tell(String text) {
    Struct known = api.find(ApiResource.NODES, "", node);
    if (known == null) {
      look(); // it is not registered yet
    } else if (!Meta.of(known).annotation(EdgePlaces.ANNOTATION).equals(text)) {
      Struct annotation = Struct.of(EdgePlaces.ANNOTATION, text.isEmpty() ? Null.NULL : text);
      Struct patch = Struct.of("metadata", Struct.of("annotations", annotation));
      api.patch(ApiResource.NODES, "", node, "", PatchType.MERGE, patch);
    }
  }

  private void look() {
    var _ = world.background().schedule(RETRY, look::open);
  }

  /// Ends it. Nothing is served here any more, which is told if the cluster can be reached.
  @Override
  public void close() {
    task.close();
    try {
      tell("");
    } catch (ApiException e) {
      // The node is not ready soon, and then not counted by others either.
    }
  }
}

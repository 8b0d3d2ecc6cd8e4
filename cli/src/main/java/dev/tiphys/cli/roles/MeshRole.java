package dev.tiphys.cli.roles;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.client.Api;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.istio.IstioResources;
import dev.tiphys.network.istio.IstioSettings;
import dev.tiphys.network.istio.VirtualServices;
import dev.tiphys.network.istio.metrics.IstioMetrics;
import dev.tiphys.network.istio.validation.Validation;
import dev.tiphys.network.mesh.KernelRedirects;
import dev.tiphys.network.mesh.Mesh;
import dev.tiphys.network.mesh.OwnCallers;
import dev.tiphys.network.router.proxy.HttpRouter;
import dev.tiphys.network.router.proxy.RouterSettings;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// VirtualServices, served at the edge and for calls of this node's Pods.
///
/// Threads: any.
public final class MeshRole implements AutoCloseable {

  /// The user that follows them.
  public static final String USER = "system:tiphys:mesh";

  /// What it is called in requests.
  public static final String PROGRAM = "tiphys-mesh";

  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Closeables running = new Closeables();
  private final IstioMetrics metrics;
  private @Nullable VirtualServices services;

  private MeshRole(IstioMetrics metrics) {
    this.metrics = metrics;
  }

  /// Starts it. The kernel is told nothing before a Service is governed.
  ///
  /// @param api as what follows the objects sees it
  /// @param edge by which clients outside come
  /// @param policies that hold for this node's Pods
  /// @param domain of the cluster
  /// @throws CliException if the kernel can't be asked, or no port can be had
  public static MeshRole start(
      World world,
      Api api,
      EdgeRole edge,
      NetworkSettings network,
      Mesh.Policies policies,
      String domain) {
    MeshRole role = new MeshRole(new IstioMetrics());
    role.running.add(IstioResources.defaults(world, api).start());
    role.serve(
        world,
        network,
        policies,
        mesh -> new VirtualServices(world, api, edge.edge(), mesh, settings(domain)));
    edge.observe(role.metrics);
    return role;
  }

  /// Starts it on a node that has joined.
  ///
  /// @param api as the parts of the node's network see it; with the rights of `system:tiphys:edge`
  ///   if there is an edge
  /// @param edge by which clients outside come; null for calls of the node's Pods alone
  /// @param policies that hold for this node's Pods
  /// @param domain of the cluster
  /// @throws CliException if the kernel can't be asked, or no port can be had
  public static MeshRole join(
      World world,
      Api api,
      @Nullable EdgeRole edge,
      NetworkSettings network,
      Mesh.Policies policies,
      String domain) {
    MeshRole role = new MeshRole(new IstioMetrics());
    role.serve(
        world,
        network,
        policies,
        mesh ->
            edge == null
                ? VirtualServices.betweenPods(world, api, mesh, settings(domain))
                : VirtualServices.besideAnother(world, api, edge.edge(), mesh, settings(domain)));
    if (edge != null) {
      edge.observe(role.metrics);
    }
    return role;
  }

  private static IstioSettings settings(String domain) {
    return new IstioSettings(domain, IstioSettings.USUAL.port());
  }

  private void serve(
      World world,
      NetworkSettings network,
      Mesh.Policies policies,
      Function<Mesh, VirtualServices> following) {
    try {
      NetworkSettings node = network.onThisKernel();
      int loops = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
      HttpRouter router = new HttpRouter(world, RouterSettings.usual(loops), metrics);
      running.add(() -> router.close(GRACE));
      Mesh mesh =
          running.add(
              new Mesh(
                  world,
                  router,
                  node.addresses(),
                  new KernelRedirects(node),
                  new OwnCallers(network, policies)));
      VirtualServices followed = running.add(following.apply(mesh));
      metrics.follow(followed::podAt);
      followed.start();
      services = followed;
    } catch (IOException e) {
      close();
      throw new CliException(
          "cannot route calls between pods (%s); leave them alone with --without mesh"
              .formatted(e.getMessage()),
          e);
    }
  }

  /// What is wrong and odd about an object of one of the kinds; nothing while another program is
  /// there to say so.
  public Validation review(Struct object) {
    return services == null || services.yields()
        ? new Validation(List.of(), List.of())
        : Validation.of(object);
  }

  /// Since when a VirtualService is served, as [LiveDocuments.Source] says.
  public Struct live(ObjectKey key, long revision) {
    return services == null ? Struct.EMPTY : services.live(key, revision);
  }

  /// What serves VirtualServices instead; empty if this does.
  public String leftTo() {
    return services != null && services.yields() ? "istiod" : "";
  }

  /// What is counted of requests.
  public void write(Exposition out) {
    metrics.write(out);
  }

  @Override
  public void close() {
    running.close();
  }
}

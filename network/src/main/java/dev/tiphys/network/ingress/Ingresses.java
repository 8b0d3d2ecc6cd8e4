package dev.tiphys.network.ingress;

import dev.tiphys.client.Api;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.world.World;

/// What serves Ingresses in a cluster: the class that is the default one, and the controller.
public final class Ingresses implements AutoCloseable {

  private final DefaultObjects defaults;
  private final IngressController controller;

  private Ingresses(DefaultObjects defaults, IngressController controller) {
    this.defaults = defaults;
    this.controller = controller;
  }

  /// Starts it. It gets ready by itself.
  public static Ingresses start(World world, Api api, Edge edge, IngressSettings settings) {
    IngressController controller = new IngressController(world, api, edge, settings);
    controller.start();
    return new Ingresses(IngressClasses.defaults(world, api).start(), controller);
  }

  @Override
  public void close() {
    defaults.close();
    controller.close();
  }
}

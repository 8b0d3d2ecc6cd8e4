package dev.tiphys.network.ingress;

import dev.tiphys.client.Api;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import org.jspecify.annotations.Nullable;

/// What serves Ingresses in a cluster: the class that is the default one, and the controller.
public final class Ingresses implements AutoCloseable {

  private final @Nullable DefaultObjects defaults;
  private final IngressController controller;

  private Ingresses(@Nullable DefaultObjects defaults, IngressController controller) {
    this.defaults = defaults;
    this.controller = controller;
  }

  /// Starts it. It gets ready by itself.
  public static Ingresses start(World world, Api api, Edge edge, IngressSettings settings) {
    IngressController controller = new IngressController(world, api, edge, settings);
    controller.start();
    return new Ingresses(IngressClasses.defaults(world, api).start(), controller);
  }

  /// Starts what serves Ingresses at one more node of a cluster that has them served already.
  public static Ingresses besideAnother(World world, Api api, Edge edge, IngressSettings settings) {
    IngressController controller = new IngressController(world, api, edge, settings);
    controller.start();
    return new Ingresses(null, controller);
  }

  /// The name of the webhook that ingress-nginx has Ingresses refused by.
  public static final String WEBHOOK = "validate.nginx.ingress.kubernetes.io";

  /// Why an Ingress can't be served as it is; empty if it can be, or is none that is served here.
  public String refusal(Struct ingress) {
    return controller.refusal(ingress);
  }

  /// What serves the classes instead; empty if this does.
  public String leftTo() {
    return controller.leftTo();
  }

  /// Since when an Ingress is served, as `at`, if it is served at a revision or a later one;
  /// `earlier` says whether the revision itself may have been served before. `now` is the time
  /// here.
  public Struct live(ObjectKey key, long revision) {
    return controller.live(key, revision);
  }

  @Override
  public void close() {
    if (defaults != null) {
      defaults.close();
    }
    controller.close();
  }
}

package dev.tiphys.network.ingress;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.network.router.listeners.Edge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.world.World;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/// Writes into the status of Ingresses where clients reach them, and takes it away from those that
/// are of another class now. One process does it for the cluster.
///
/// Threads: any.
public final class IngressStatus implements AutoCloseable {

  /// What the Lease is called that the process holds where it works.
  public static final String LEASE = "tiphys-ingress";

  private static final RetryPolicy RETRY =
      RetryPolicy.between(Duration.ofMillis(200), Duration.ofMinutes(1));

  private final Api api;
  private final Edge edge;
  private final IngressSettings settings;
  private final IngressClasses classes;
  private final Informer ingresses;
  private final Controller controller;

  public IngressStatus(World world, Api api, Edge edge, IngressSettings settings) {
    this.api = api;
    this.edge = edge;
    this.settings = settings;
    this.classes = new IngressClasses(world, api, this::lookAtAll);
    this.ingresses = new Informer(world, api, ApiResource.INGRESSES);
    this.controller = new Controller("ingress-status", world, 1, RETRY, this::reconcile);
    ingresses.listen(Informer.Listener.ofAll(controller::enqueue));
    edge.onChange(this::lookAtAll);
  }

  /// Starts to work, and returns at once.
  public void start() {
    classes.start();
    ingresses.start();
    controller.start();
  }

  private void lookAtAll() {
    ingresses.list().forEach(controller::enqueue);
  }

  private Outcome reconcile(ObjectKey key) throws InterruptedException {
    classes.awaitSynced();
    ingresses.awaitSynced();
    Struct ingress = ingresses.find(key);
    if (ingress == null || classes.other() != null) {
      return Outcome.DONE;
    }
    if (classes.isOwn(ingress)) {
      List<InetAddress> addresses = edge.addresses(settings.http());
      boolean hopeless = edge.problems().containsKey(settings.http());
      if (!addresses.isEmpty() || hopeless) {
        write(ingress, addresses);
      }
    } else if (wasWrittenHere(ingress)) {
      write(ingress, List.of());
    }
    return Outcome.DONE;
  }

  /// Whether the status is still the one that was written here.
  private static boolean wasWrittenHere(Struct ingress) {
    return ingress.structs("metadata", "managedFields").stream()
        .anyMatch(
            each ->
                each.string("manager").equals(IngressController.PROGRAM)
                    && each.string("subresource").equals("status"));
  }

  private void write(Struct ingress, List<InetAddress> addresses) {
    List<Struct> told =
        addresses.stream().map(each -> Struct.of("ip", each.getHostAddress())).toList();
    if (told.equals(ingress.structs("status", "loadBalancer", "ingress"))) {
      return;
    }
    Struct balancer = told.isEmpty() ? Struct.EMPTY : Struct.of("ingress", told);
    api.update(ApiResource.INGRESSES, ingress.withAt(balancer, "status", "loadBalancer"), "status");
  }

  @Override
  public void close() {
    controller.close();
    ingresses.close();
    classes.close();
  }
}

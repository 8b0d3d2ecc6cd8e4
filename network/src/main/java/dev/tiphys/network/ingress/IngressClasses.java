package dev.tiphys.network.ingress;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.defaults.DefaultObjects;
import dev.tiphys.client.leader.OtherHolder;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.world.World;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which Ingresses are served here: those of ingress-nginx' classes, as long as no other program
/// serves these in the cluster.
///
/// Threads: any.
final class IngressClasses implements AutoCloseable {

  private static final String CONTROLLER = "k8s.io/ingress-nginx";
  private static final String NAME = "nginx";
  private static final String LEGACY_CLASS = "kubernetes.io/ingress.class";
  private static final String LEASE = "ingress-nginx-leader";
  private static final String OWN_NAMESPACE = "kube-system";

  /// The label by which the class is known to be the one that is made here.
  private static final String PART_OF = "app.kubernetes.io/part-of";

  private final Informer classes;
  private final OtherHolder others;

  /// @param changed is told when other Ingresses may be served than before
  IngressClasses(World world, Api api, Runnable changed) {
    this.classes = new Informer(world, api, ApiResource.INGRESS_CLASSES);
    classes.listen(Informer.Listener.ofAll(_ -> changed.run()));
    this.others = new OtherHolder(world, api, LEASE, OWN_NAMESPACE).onChange(_ -> changed.run());
  }

  /// What makes the class that Ingresses have which name none.
  static DefaultObjects defaults(World world, Api api) {
    return new DefaultObjects(
        world,
        api,
        "ingress",
        List.of(ApiResource.INGRESS_CLASSES),
        DefaultObjects.read(IngressClasses.class, "ingress-class.yaml"));
  }

  void start() {
    classes.start();
    others.start();
  }

  void awaitSynced() throws InterruptedException {
    classes.awaitSynced();
  }

  /// What serves the classes instead; null if they are served here.
  @Nullable String other() {
    String holder = others.holder().orElse(null);
    if (holder != null) {
      return holder + " holds Lease " + LEASE;
    }
    Struct named = classes.find("", NAME);
    boolean claimed =
        named != null
            && named.string("spec", "controller").equals(CONTROLLER)
            && !Meta.of(named).label(PART_OF).equals("tiphys");
    return claimed
        ? "IngressClass " + NAME + " is of another installation (it has no label part-of=tiphys)"
        : null;
  }

  /// The class that an event about all of them is told of; null if there is none.
  @Nullable Struct named() {
    return classes.find("", NAME);
  }

  /// Whether an Ingress is of a class of ingress-nginx; the old annotation counts where no class is
  /// named.
  boolean isOwn(Struct ingress) {
    String name = ingress.string("spec", "ingressClassName");
    if (name.isEmpty()) {
      return Meta.of(ingress).annotation(LEGACY_CLASS).equals(NAME);
    }
    Struct named = classes.find("", name);
    return named != null && named.string("spec", "controller").equals(CONTROLLER);
  }

  @Override
  public void close() {
    others.close();
    classes.close();
  }
}

package dev.tiphys.secrets.cluster;

import static dev.tiphys.secrets.model.SecretsResources.CLUSTER_EXTERNAL_SECRETS;

import dev.tiphys.client.Api;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.OwnerIndex;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.secrets.metrics.SyncMetrics;
import dev.tiphys.secrets.model.ClusterExternalSecret;
import dev.tiphys.secrets.model.Lookout;
import dev.tiphys.world.World;
import java.time.Duration;

/// Looks at ClusterExternalSecrets: when they change, when one of their ExternalSecrets does, and
/// when a namespace does that has or could have one.
///
/// Threads: any.
public final class ClusterExternalSecretController implements AutoCloseable {

  private static final String NAME = "clusterexternalsecret";
  private static final int WORKERS = 2;
  private static final RetryPolicy POLICY =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofMinutes(5));

  private final World world;
  private final Api api;
  private final Informer secrets;
  private final Informer namespaces;
  private final OwnerIndex externals;
  private final SyncMetrics metrics;
  private final Charge charge;
  private final Controller controller;

  /// @param secrets all ClusterExternalSecrets; no informer is started yet
  /// @param externals all ExternalSecrets
  public ClusterExternalSecretController(
      World world,
      Api api,
      Informer secrets,
      Informer externals,
      Informer namespaces,
      SyncMetrics metrics,
      Charge charge) {
    this.world = world;
    this.api = api;
    this.secrets = secrets;
    this.namespaces = namespaces;
    this.externals = new OwnerIndex(externals);
    this.metrics = metrics;
    this.charge = charge;
    this.controller = new Controller(NAME, world, WORKERS, POLICY, this::reconcile);
    secrets.listen(
        new Lookout(
            controller,
            (_, _) -> true, // the status too: a look may have seen an older one
            key -> metrics.gone(CLUSTER_EXTERNAL_SECRETS, key)));
    externals.listen(
        new Informer.Listener() {
          @Override
          public void added(Struct object) {
            owner(object); // it may have been made for a name or a place that is no longer wanted
          }

          @Override
          public void updated(Struct before, Struct now) {
            if (!withoutStatus(before).equals(withoutStatus(now))) {
              owner(now);
            }
          }

          @Override
          public void deleted(Struct last) {
            owner(last);
          }
        });
    namespaces.listen(Informer.Listener.ofAll(this::changed));
    charge.onChange(() -> secrets.list().forEach(controller::enqueue));
  }

  /// What is changed by others than this controller.
  private static Struct withoutStatus(Struct object) {
    return object.without("status").with("metadata", Lookout.identity(object));
  }

  private void owner(Struct external) {
    for (Struct secret : secrets.list()) {
      if (new ClusterExternalSecret(secret).owns(external)) {
        controller.enqueue(secret);
      }
    }
  }

  private void changed(Struct namespace) {
    for (Struct object : secrets.list()) {
      ClusterExternalSecret secret = new ClusterExternalSecret(object);
      if (concerns(secret, namespace)) {
        controller.enqueue(object);
      }
    }
  }

  private static boolean concerns(ClusterExternalSecret secret, Struct namespace) {
    Meta meta = Meta.of(namespace);
    try {
      return secret.provisioned().contains(meta.name())
          || meta.finalizers().contains(secret.namespaceFinalizer())
          || secret.selects(namespace);
    } catch (IllegalArgumentException e) {
      return false; // it selects none
    }
  }

  /// Begins, once the informers are complete.
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct object = secrets.find(key);
    if (object == null || !charge.isOurs()) {
      return Outcome.DONE;
    }
    long began = world.nanoTime();
    Outcome outcome =
        new ClusterLook(api, namespaces, externals, metrics, new ClusterExternalSecret(object))
            .run();
    metrics.looked(CLUSTER_EXTERNAL_SECRETS, key, world.nanoTime() - began);
    return outcome;
  }

  @Override
  public void close() {
    controller.close();
  }
}

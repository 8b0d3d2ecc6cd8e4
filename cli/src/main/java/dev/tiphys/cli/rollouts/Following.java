package dev.tiphys.cli.rollouts;

import dev.tiphys.cli.rollouts.view.Family;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.ListOptions;
import dev.tiphys.delivery.model.DeliveryResources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.world.Gate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One object of a namespace, and all that may belong to it, as they change.
///
/// Threads: one waits.
final class Following implements AutoCloseable {

  private final Informer subject;
  private final Informer replicaSets;
  private final Informer pods;
  private final Informer experiments;
  private final Informer runs;
  private final Gate changed;
  private final String namespace;
  private final String name;

  /// @param resource of which the object is
  /// @throws ApiException if there is no such object
  Following(Session session, ApiResource resource, String name) throws InterruptedException {
    this.namespace = session.namespace();
    this.name = name;
    Struct _ = session.api().get(resource, namespace, name); // or say at once that there is none
    this.changed = session.world().gate();
    this.subject =
        new Informer(
            session.world(),
            session.api(),
            resource,
            namespace,
            ListOptions.withFields("metadata.name=" + name));
    this.replicaSets = all(session, ApiResource.REPLICA_SETS);
    this.pods = all(session, ApiResource.PODS);
    this.experiments = all(session, DeliveryResources.EXPERIMENTS);
    this.runs = all(session, DeliveryResources.ANALYSIS_RUNS);
    for (Informer each : informers()) {
      each.listen(Informer.Listener.ofAll(_ -> changed.open()));
      each.start();
    }
    for (Informer each : informers()) {
      each.awaitSynced();
    }
  }

  private Informer all(Session session, ApiResource resource) {
    return new Informer(session.world(), session.api(), resource, namespace, ListOptions.ALL);
  }

  private List<Informer> informers() {
    return List.of(subject, replicaSets, pods, experiments, runs);
  }

  /// The object; null if it is gone.
  @Nullable Struct object() {
    return subject.find(namespace, name);
  }

  Family family() {
    return new Family(replicaSets.list(), pods.list(), experiments.list(), runs.list());
  }

  /// Waits until something has changed, but not for longer than this.
  void await(Duration most) throws InterruptedException {
    changed.await(most);
  }

  @Override
  public void close() {
    informers().forEach(Informer::close);
  }
}

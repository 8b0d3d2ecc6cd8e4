package dev.tiphys.monitoring.alerting;

import dev.tiphys.client.ApiResource;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.monitoring.model.Alertmanager;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.program.ChildServer;
import dev.tiphys.monitoring.program.ProgramState;
import dev.tiphys.monitoring.prometheus.Objects;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keeps a server for each Alertmanager object, as long as that is there and this process is in
/// charge. It looks when the AlertmanagerConfigs change, or what those refer to, and when the
/// server begins to answer, or ends.
///
/// Threads: any.
public final class AlertmanagerController implements AutoCloseable {

  private static final String NAME = "alertmanager";
  private static final int WORKERS = 1;
  private static final RetryPolicy POLICY =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofMinutes(1));

  private final AlertmanagerTools tools;
  private final Charge charge;
  private final Runnable moved;
  private final Controller controller;
  private final Map<ObjectKey, KeptAlertmanager> kept = new ConcurrentHashMap<>();

  /// Makes it; no informer is started yet.
  ///
  /// @param moved told when [#addresses] may have changed
  public AlertmanagerController(AlertmanagerTools tools, Charge charge, Runnable moved) {
    this.tools = tools;
    this.charge = charge;
    this.moved = moved;
    this.controller = new Controller(NAME, tools.world(), WORKERS, POLICY, this::reconcile);
    Objects objects = tools.objects();
    objects.kind(MonitoringResources.ALERTMANAGERS).listen(onSpec());
    objects.kind(MonitoringResources.ALERTMANAGER_CONFIGS).listen(onSpec());
    Informer.Listener onReferences = Informer.Listener.ofAll(this::referred);
    objects.around(ApiResource.SECRETS).listen(onReferences);
    objects.around(ApiResource.CONFIG_MAPS).listen(onReferences);
    charge.onChange(this::all);
  }

  /// Status and managed fields are what is written here.
  private Informer.Listener onSpec() {
    return new Informer.Listener() {
      @Override
      public void added(Struct object) {
        concerned(object);
      }

      @Override
      public void updated(Struct before, Struct now) {
        Meta one = Meta.of(before);
        Meta other = Meta.of(now);
        if (one.generation() != other.generation() || !one.labels().equals(other.labels())) {
          concerned(now);
        }
      }

      @Override
      public void deleted(Struct last) {
        concerned(last);
      }
    };
  }

  private void concerned(Struct object) {
    if (object.string("kind").equals(MonitoringResources.ALERTMANAGERS.kind())) {
      controller.enqueue(object);
    }
    all();
  }

  private void all() {
    tools.objects().kind(MonitoringResources.ALERTMANAGERS).list().forEach(controller::enqueue);
  }

  private void referred(Struct object) {
    ObjectKey key = ObjectKey.of(object);
    kept.forEach(
        (alertmanager, each) -> {
          if (each.refersTo(key)) {
            controller.queue().add(alertmanager, Meta.of(object).revision());
          }
        });
  }

  /// Begins, once the informers are complete.
  public void start() {
    controller.start();
  }

  /// Where the default Alertmanager answers, if it does: `host:port`.
  public List<String> addresses() {
    KeptAlertmanager found = kept.get(Alertmanager.DEFAULT);
    AlertmanagerServer server = found == null ? null : found.server();
    return server != null && server.state().ready()
        ? List.of(ChildServer.authority(server.address()))
        : List.of();
  }

  private Outcome reconcile(ObjectKey key) throws InterruptedException {
    Struct object = tools.objects().kind(MonitoringResources.ALERTMANAGERS).find(key);
    if (object == null || !charge.isOurs() || Meta.of(object).isBeingDeleted()) {
      KeptAlertmanager before = kept.remove(key);
      if (before != null) {
        before.close();
        moved.run();
      }
      return Outcome.DONE;
    }
    KeptAlertmanager one =
        kept.computeIfAbsent(key, _ -> new KeptAlertmanager(tools, key, state -> told(key, state)));
    return new AlertmanagerLook(tools, new Alertmanager(object), one).run();
  }

  private void told(ObjectKey key, ProgramState state) {
    @Nullable Struct object = tools.objects().kind(MonitoringResources.ALERTMANAGERS).find(key);
    if (object != null && !state.problem().isEmpty()) {
      tools
          .events()
          .warning(object, "Ended", "it has ended and is started again: " + state.problem());
    }
    controller.queue().add(key, 0);
    moved.run();
  }

  /// Ends all servers, and waits for their ends.
  @Override
  public void close() {
    controller.close();
    kept.values().forEach(KeptAlertmanager::close);
  }
}

package dev.tiphys.secrets.stores;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.client.Informer;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.secrets.metrics.SyncMetrics;
import dev.tiphys.secrets.model.Lookout;
import dev.tiphys.secrets.model.ReadyCondition;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.provider.OpenStore.Validity;
import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.world.World;
import java.time.Duration;

/// Looks whether stores work, again and again, and says so in their status.
///
/// Threads: any.
public final class StoreController implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofMinutes(5);
  private static final RetryPolicy POLICY =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofMinutes(5));
  private static final int WORKERS = 2;

  private final World world;
  private final Api api;
  private final ApiResource resource;
  private final Informer stores;
  private final OpenStores open;
  private final EventRecorder events;
  private final SyncMetrics metrics;
  private final Charge charge;
  private final StoreHold hold;
  private final Controller controller;

  /// @param stores of one of the two kinds; not started yet
  /// @param pushing all PushSecrets; not started yet
  public StoreController(
      World world,
      Api api,
      Informer stores,
      Informer pushing,
      OpenStores open,
      EventRecorder events,
      SyncMetrics metrics,
      Charge charge) {
    this.world = world;
    this.api = api;
    this.resource = stores.resource();
    this.stores = stores;
    this.open = open;
    this.events = events;
    this.metrics = metrics;
    this.charge = charge;
    this.controller = new Controller(resource.plural(), world, WORKERS, POLICY, this::reconcile);
    this.hold = new StoreHold(api, stores, pushing, controller::enqueue);
    stores.listen(
        new Lookout(
            controller,
            (before, now) -> Meta.of(before).generation() != Meta.of(now).generation(),
            key -> metrics.gone(resource, key)));
    charge.onChange(() -> stores.list().forEach(controller::enqueue));
  }

  /// Begins, once the informers are complete.
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) throws InterruptedException {
    Struct object = stores.find(key);
    if (object == null || !charge.isDecided()) {
      return Outcome.DONE;
    }
    if (!charge.isOurs()) {
      return Outcome.DONE;
    }
    Store store = new Store(object);
    if (!store.isOurs()) {
      return Outcome.DONE; // it is another controller's
    }
    hold.bring(store);
    if (Meta.of(object).isBeingDeleted()) {
      return Outcome.DONE;
    }
    long began = world.nanoTime();
    boolean works = look(store);
    metrics.looked(resource, key, world.nanoTime() - began);
    return works ? Outcome.again(interval(store)) : Outcome.RETRY;
  }

  private static Duration interval(Store store) {
    Object given = store.spec().get("refreshInterval");
    Duration interval =
        switch (given) {
          case Long seconds -> Duration.ofSeconds(seconds);
          case String text -> GoDuration.parse(text);
          case null, default -> Duration.ZERO;
        };
    return interval.isZero() || interval.isNegative() ? INTERVAL : interval;
  }

  private boolean look(Store store) throws InterruptedException {
    OpenStores.Use use;
    try {
      use = open.open(store, "");
    } catch (StoreException e) {
      return failed(store, "unable to create client", e);
    }
    try (use) {
      Validity validity = use.store().validate();
      if (validity == Validity.UNKNOWN) {
        tell(store, "True", "ValidationUnknown", "store validation is unknown");
      } else {
        events.normal(store.object(), "Valid", "store validated");
        tell(store, "True", "Valid", "store validated");
      }
      return true;
    } catch (StoreException e) {
      open.forget(use);
      return failed(store, "unable to validate store", e);
    }
  }

  private boolean failed(Store store, String message, StoreException why) {
    events.warning(store.object(), "InvalidProviderConfig", why.message());
    tell(store, "False", "InvalidProviderConfig", message);
    return false;
  }

  private void tell(Store store, String status, String reason, String message) {
    Struct before = store.object().struct("status");
    String capabilities;
    try {
      capabilities = open.provider(store).capabilities(store).text();
    } catch (StoreException e) {
      capabilities = before.string("capabilities");
    }
    Struct now =
        ReadyCondition.in(before, status, reason, message, world.now())
            .with("capabilities", capabilities);
    metrics.condition(resource, Meta.of(store.object()).key(), "Ready", status);
    if (!now.equals(before)) {
      Struct _ =
          api.patch(
              resource,
              store.key().namespace(),
              store.name(),
              "status",
              PatchType.MERGE,
              Struct.of("status", now));
    }
  }

  @Override
  public void close() {
    controller.close();
  }
}

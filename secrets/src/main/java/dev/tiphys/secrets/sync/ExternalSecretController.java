package dev.tiphys.secrets.sync;

import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.secrets.model.ExternalSecret;
import dev.tiphys.secrets.model.Lookout;
import dev.tiphys.secrets.model.SecretsResources;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.model.StoreKey;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Looks at ExternalSecrets: when they change, when their interval has passed, when a Secret that
/// they keep is no longer as it was written, and when a store begins to work.
///
/// Cost of a look at one that is up to date: its Secret, from memory, and a hash of its values. No
/// more than ten are looked at at a time, so that a store is not asked for more at once.
///
/// Threads: any.
public final class ExternalSecretController implements AutoCloseable {

  private static final String NAME = "externalsecret";
  private static final int WORKERS = 10;
  private static final RetryPolicy POLICY =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofMinutes(5));

  private final Informer secrets;
  private final ObjectIndex byTarget;
  private final ObjectIndex byStore;
  private final SyncTools tools;
  private final Charge charge;
  private final Controller controller;

  /// What looks have written and is not known to have come back.
  private final Map<ObjectKey, Struct> written = new ConcurrentHashMap<>();

  /// @param secrets all ExternalSecrets; not started yet, as those of the tools
  public ExternalSecretController(Informer secrets, SyncTools tools, Charge charge) {
    this.secrets = secrets;
    this.tools = tools;
    this.charge = charge;
    this.byTarget = secrets.index(ExternalSecretController::targets);
    this.byStore = secrets.index(ExternalSecretController::stores);
    this.controller = new Controller(NAME, tools.world(), WORKERS, POLICY, this::reconcile);
    secrets.listen(Informer.Listener.ofAll(this::known));
    secrets.listen(new Lookout(controller, ExternalSecretController::isNews, this::gone));
    tools
        .kept()
        .listen(
            Informer.Listener.ofAll(
                secret -> byTarget.with(place(secret)).forEach(controller::enqueue)));
    tools.stores().namespaced().listen(ofStores());
    tools.stores().cluster().listen(ofStores());
    charge.onChange(() -> secrets.list().forEach(controller::enqueue));
  }

  private void known(Struct now) {
    written.computeIfPresent(ObjectKey.of(now), (_, last) -> isNewer(last, now) ? last : null);
  }

  private void gone(ObjectKey key) {
    written.remove(key);
    tools.metrics().gone(SecretsResources.EXTERNAL_SECRETS, key);
    tools.reads().gone(key);
  }

  /// Whether a change is not what looks themselves write: its status, and the finalizer.
  private static boolean isNews(Struct before, Struct now) {
    boolean bared = Look.FINALIZER.isOn(before) && !Look.FINALIZER.isOn(now);
    return bared || !identity(before).equals(identity(now));
  }

  private static Struct identity(Struct object) {
    return Lookout.identity(object).without("finalizers");
  }

  private static String place(Struct object) {
    return ObjectKey.of(object).toString();
  }

  private static Collection<String> targets(Struct object) {
    ExternalSecret secret = new ExternalSecret(object);
    return List.of(new ObjectKey(secret.namespace(), secret.targetName()).toString());
  }

  private static Collection<String> stores(Struct object) {
    return new ExternalSecret(object).stores().stream().map(StoreKey::toString).toList();
  }

  /// A store that begins to work has what waited for it looked at.
  private Informer.Listener ofStores() {
    return new Informer.Listener() {
      @Override
      public void added(Struct object) {}

      @Override
      public void updated(Struct before, Struct now) {
        if (!Meta.isTrue(before, "Ready") && Meta.isTrue(now, "Ready")) {
          StoreKey key = new Store(now).key();
          byStore.with(key.toString()).forEach(controller::enqueue);
        }
      }

      @Override
      public void deleted(Struct last) {}
    };
  }

  /// An object as the last look left it, if that is not known here yet: the Secret that was written
  /// is told of by another watch, and would have the store asked again.
  private Struct newest(Struct known) {
    Struct last = written.get(ObjectKey.of(known));
    return last != null && isNewer(last, known) ? last : known;
  }

  private static boolean isNewer(Struct one, Struct other) {
    Meta meta = Meta.of(one);
    return meta.uid().equals(Meta.of(other).uid()) && meta.revision() > Meta.of(other).revision();
  }

  /// Begins, once the informers are complete.
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) throws InterruptedException {
    Struct object = secrets.find(key);
    if (object == null || !charge.isDecided()) {
      return Outcome.DONE;
    }
    Optional<String> holder = charge.other();
    if (holder.isPresent()) {
      tools
          .events()
          .normal(object, "LeftToOther", "Another controller is in charge: " + holder.get());
      return Outcome.DONE;
    }
    long began = tools.world().nanoTime();
    Look look = new Look(tools, new ExternalSecret(newest(object)));
    Outcome outcome = look.run();
    Struct now = look.written();
    if (now != null) {
      written.put(key, now);
    }
    tools
        .metrics()
        .synced(SecretsResources.EXTERNAL_SECRETS, key, tools.world().nanoTime() - began);
    return outcome;
  }

  @Override
  public void close() {
    controller.close();
  }
}

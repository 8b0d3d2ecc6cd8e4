package dev.tiphys.secrets.sync;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.Reason;
import dev.tiphys.secrets.kept.Rendered;
import dev.tiphys.secrets.kept.TargetException;
import dev.tiphys.secrets.kept.TargetSecret;
import dev.tiphys.secrets.model.CreationPolicy;
import dev.tiphys.secrets.model.DeletionPolicy;
import dev.tiphys.secrets.model.ExternalSecret;
import dev.tiphys.secrets.model.Finalizer;
import dev.tiphys.secrets.model.ReadyCondition;
import dev.tiphys.secrets.model.SecretsResources;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.model.StoreKey;
import dev.tiphys.secrets.provider.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One look at one ExternalSecret, which brings its Secret up to date if it is time for that.
final class Look {

  static final Finalizer FINALIZER =
      new Finalizer(
          SecretsResources.EXTERNAL_SECRETS,
          "externalsecrets.external-secrets.io/externalsecret-cleanup");

  private final SyncTools tools;
  private final Api api;
  private final Instant began;
  private ExternalSecret secret;
  private boolean bound;
  private @Nullable Struct written;

  Look(SyncTools tools, ExternalSecret secret) {
    this.tools = tools;
    this.api = tools.api();
    this.secret = secret;
    this.began = tools.world().now();
  }

  Outcome run() throws InterruptedException {
    if (secret.meta().isBeingDeleted()) {
      return end();
    }
    if (!FINALIZER.isOn(secret.object())) {
      written = FINALIZER.add(api, secret.object());
      secret = new ExternalSecret(written);
    }
    if (isOfAnotherClass()) {
      return Outcome.DONE;
    }
    Struct target = target();
    if (target != null && !isManaged(target)) {
      manage();
      return Outcome.DONE;
    }
    boolean valid = TargetSecret.isValid(target, secret);
    if (valid && !Refresh.isDue(secret, began)) {
      return rest();
    }
    return usesOthersGenerators() ? Outcome.DONE : sync(target);
  }

  /// The ExternalSecret as this look left it; null if it was not written.
  @Nullable Struct written() {
    return written;
  }

  private boolean isOfAnotherClass() {
    for (StoreKey key : secret.stores()) {
      Store store = tools.stores().find(key);
      if (store != null && !store.isOurs()) {
        return true;
      }
    }
    return false;
  }

  private boolean usesOthersGenerators() {
    for (Struct source : secret.dataFrom()) {
      Struct reference = source.struct("sourceRef", "generatorRef");
      if (!reference.isEmpty() && !tools.generators().isOurs(reference, secret.namespace())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isManaged(Struct target) {
    return Meta.of(target).label(TargetSecret.MANAGED).equals("true");
  }

  private @Nullable Struct target() {
    Struct kept = tools.kept().target(secret);
    return kept != null
        ? kept
        : api.find(ApiResource.SECRETS, secret.namespace(), secret.targetName());
  }

  /// Its changes are watched from now on.
  private void manage() {
    Struct _ =
        writer()
            .patch(
                ApiResource.SECRETS,
                secret.namespace(),
                secret.targetName(),
                "",
                PatchType.MERGE,
                Struct.of(
                    "metadata", Struct.of("labels", Struct.of(TargetSecret.MANAGED, "true"))));
  }

  private Api writer() {
    return api.managing(secret.manager());
  }

  private Outcome rest() {
    Duration next = Refresh.next(secret, tools.world().now());
    return next == null ? Outcome.DONE : Outcome.again(next);
  }

  private Outcome sync(@Nullable Struct target) throws InterruptedException {
    if (!secret.target().struct("manifest").isEmpty()) {
      return failed(
          "could not update secret", "targets other than Secrets are not allowed here", false);
    }
    Map<String, byte[]> fetched;
    try (Fetch fetch = new Fetch(secret, tools)) {
      fetched = fetch.run();
      tools.reads().succeeded(secret.meta().key(), fetch.origins(), tools.world().now());
    } catch (StoreException e) {
      return failed("could not get secret data from provider", e.message(), true);
    }
    if (fetched.isEmpty()) {
      switch (secret.deletion()) {
        case DELETE -> {
          return gone(target);
        }
        case RETAIN -> {
          return synced("SecretSynced", "secret retained due to DeletionPolicy=Retain");
        }
        case MERGE -> {
          // its keys go
        }
      }
    }
    return write(target, fetched);
  }

  private Outcome gone(@Nullable Struct target) {
    if (secret.creation() != CreationPolicy.OWNER) {
      return failed(
          "could not delete secret",
          "unable to delete secret %s: creationPolicy=%s is not Owner"
              .formatted(secret.targetName(), secret.target().string("creationPolicy")),
          false);
    }
    if (target != null && Meta.of(target).isControlledBy(secret.meta().uid())) {
      delete(target);
      tools
          .events()
          .normal(secret.object(), "Deleted", "secret deleted due to DeletionPolicy=Delete");
    }
    return synced("SecretDeleted", "secret deleted due to DeletionPolicy=Delete");
  }

  private Outcome write(@Nullable Struct target, Map<String, byte[]> fetched) {
    try {
      switch (secret.creation()) {
        case NONE -> {}
        case MERGE -> {
          if (target == null) {
            return synced(
                "SecretMissing", "secret will not be created due to CreationPolicy=Merge");
          }
          put(target, fetched);
        }
        case OWNER -> {
          deleteOrphans();
          put(target, fetched);
        }
        case ORPHAN, CREATE_OR_MERGE -> put(target, fetched);
      }
    } catch (TargetException e) {
      return failed(e.condition(), mutating(target, e.why()), false);
    } catch (StoreException e) {
      return failed("could not update secret", mutating(target, e.message()), true);
    } catch (ApiException e) {
      if (e.is(Reason.CONFLICT) || e.is(Reason.ALREADY_EXISTS)) {
        return Outcome.RETRY; // the newer state is there, or on its way
      }
      return failed(
          "could not update secret",
          "unable to update secret " + secret.targetName() + ": " + e.message(),
          true);
    }
    return synced("SecretSynced", "secret synced");
  }

  private String mutating(@Nullable Struct target, String why) {
    return target == null ? why : "unable to mutate secret " + secret.targetName() + ": " + why;
  }

  private void put(@Nullable Struct before, Map<String, byte[]> fetched) {
    Rendered rendered =
        before != null && secret.isImmutable()
            ? Rendered.asItIs(before)
            : tools.renderer().render(secret, TargetSecret.staying(before, secret), fetched);
    Struct wanted = TargetSecret.wanted(before, secret, rendered);
    if (before == null) {
      Struct _ = writer().create(ApiResource.SECRETS, wanted);
      tools.events().normal(secret.object(), "Created", "secret created");
    } else if (!wanted.equals(before)) {
      update(before, wanted);
    }
    bound = true;
  }

  /// Of a Secret that is immutable only the metadata can be changed.
  private void update(Struct before, Struct wanted) {
    Struct metadata = before.with("metadata", wanted.struct("metadata"));
    boolean refused = before.bool("immutable") && !metadata.equals(wanted);
    Struct written = refused ? metadata : wanted;
    if (!written.equals(before)) {
      Struct _ = writer().update(ApiResource.SECRETS, written);
    }
    if (refused) {
      throw new TargetException(
          "could not update secret, target is immutable", "secret is immutable");
    }
    tools.events().normal(secret.object(), "Updated", "secret updated");
  }

  /// The Secrets that it had before its target got another name.
  private void deleteOrphans() {
    for (Struct kept : tools.kept().ownedBy(secret)) {
      if (!Meta.of(kept).name().equals(secret.targetName())) {
        delete(kept);
        tools.events().normal(secret.object(), "Deleted", "secret deleted because it was orphaned");
      }
    }
  }

  private void delete(Struct target) {
    Meta meta = Meta.of(target);
    try {
      api.delete(ApiResource.SECRETS, meta.namespace(), meta.name(), DeleteOptions.DEFAULT);
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND)) {
        throw e;
      }
    }
  }

  private Outcome end() {
    Struct target = target();
    if (target != null
        && secret.deletion() == DeletionPolicy.DELETE
        && Meta.of(target).isControlledBy(secret.meta().uid())) {
      delete(target);
    }
    FINALIZER.remove(api, secret.object());
    return Outcome.DONE;
  }

  private Outcome synced(String reason, String message) {
    Struct status =
        ReadyCondition.in(secret.status(), "True", reason, message, tools.world().now())
            .with("refreshTime", Timestamps.seconds(began))
            .with("syncedResourceVersion", secret.version());
    if (bound) {
      status = status.with("binding", Struct.of("name", secret.targetName()));
    }
    tell(status, "True");
    ExternalSecret now = new ExternalSecret(secret.object().with("status", status));
    Duration next = Refresh.next(now, tools.world().now());
    return next == null ? Outcome.DONE : Outcome.again(next);
  }

  /// @param message of the condition
  /// @param why all of it, for an event
  /// @param again whether it may succeed without a change
  private Outcome failed(String message, String why, boolean again) {
    tools.events().warning(secret.object(), "UpdateFailed", why);
    tools.reads().failed(secret.meta().key(), why);
    tools.metrics().failed(SecretsResources.EXTERNAL_SECRETS, secret.meta().key());
    tell(
        ReadyCondition.in(
            secret.status(), "False", "SecretSyncedError", message, tools.world().now()),
        "False");
    return again ? Outcome.RETRY : Outcome.DONE;
  }

  private void tell(Struct status, String ready) {
    tools
        .metrics()
        .condition(SecretsResources.EXTERNAL_SECRETS, secret.meta().key(), "Ready", ready);
    if (!status.equals(secret.status())) {
      written =
          api.patch(
              SecretsResources.EXTERNAL_SECRETS,
              secret.namespace(),
              secret.name(),
              "status",
              PatchType.MERGE,
              Struct.of("status", status));
    }
  }
}

package dev.tiphys.secrets.push;

import static dev.tiphys.secrets.model.SecretsResources.PUSH_SECRETS;

import dev.tiphys.client.PatchType;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.secrets.model.Finalizer;
import dev.tiphys.secrets.model.PushSecret;
import dev.tiphys.secrets.model.ReadyCondition;
import dev.tiphys.secrets.model.Store;
import dev.tiphys.secrets.provider.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One look at one PushSecret, which pushes it if it is time for that.
final class PushLook {

  private static final Finalizer FINALIZER =
      new Finalizer(PUSH_SECRETS, "pushsecret.externalsecrets.io/finalizer");

  /// How long after the time that it is due it is looked at again.
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private final PushTools tools;
  private final PushSecret secret;
  private final Instant began;
  private final Source source;
  private final Pushes pushes;

  PushLook(PushTools tools, PushSecret secret) {
    this.tools = tools;
    this.secret = secret;
    this.began = tools.world().now();
    this.source = new Source(secret, tools);
    this.pushes = new Pushes(secret, tools);
  }

  Outcome run() throws InterruptedException {
    boolean held = FINALIZER.isOn(secret.object());
    if (secret.meta().isBeingDeleted()) {
      return held ? end() : Outcome.DONE;
    }
    if (held != secret.deletes()) {
      hold(secret.deletes());
      return Outcome.DONE; // it is looked at again for that change
    }
    if (!secret.isDue(began)) {
      return rest();
    }
    try {
      return push();
    } catch (StoreException e) {
      return failed(e.message());
    }
  }

  private Outcome rest() {
    Instant next = secret.next();
    return next == null ? Outcome.DONE : Outcome.again(Duration.between(began, next).plus(MARGIN));
  }

  private Outcome end() throws InterruptedException {
    if (secret.deletes()) {
      try {
        pushes.deleteAllBut(Struct.EMPTY);
      } catch (StoreException e) {
        return failed("Failed to Delete Secrets from Provider: " + e.message());
      }
    }
    hold(false);
    return Outcome.DONE;
  }

  private Outcome push() throws InterruptedException {
    StoreRefs references = new StoreRefs(secret, tools.stores());
    references.check();
    List<Map<String, byte[]>> all;
    try {
      all = source.read();
    } catch (ApiException e) {
      boolean gone = e.is(Reason.NOT_FOUND) && !source.name().isEmpty();
      return gone && secret.deletes() && !secret.synced().isEmpty()
          ? sourceGone()
          : failed("could not get source secret");
    }
    List<Store> stores = references.stores();
    if (stores.isEmpty()) {
      return Outcome.DONE; // they are all for other controllers, or about to go
    }
    references.checkSelectors(stores);
    if (secret.deletes()) {
      announce(pushes.planned(stores, all));
    }
    try {
      for (Map<String, byte[]> values : all) {
        pushes.push(stores, values);
      }
    } catch (StoreException e) {
      return failed("set secret failed: " + e.message());
    }
    Struct pushed = pushes.pushed();
    if (secret.deletes()) {
      try {
        pushes.deleteAllBut(pushed);
      } catch (StoreException e) {
        return failed("Failed to Delete Secrets from Provider: " + e.message());
      }
    }
    return synced(pushed);
  }

  /// Places are written down before anything is put there, so that it is not forgotten there should
  /// this process end, or the word of it be lost.
  private void announce(Struct planned) {
    if (!planned.equals(secret.synced())) {
      tell(secret.status().with("syncedPushSecrets", planned));
    }
  }

  private Outcome sourceGone() throws InterruptedException {
    try {
      pushes.deleteAllBut(Struct.EMPTY);
    } catch (StoreException e) {
      return failed("failed to cleanup provider secrets: " + e.message());
    }
    String message = "source secret deleted; provider secrets cleaned up";
    tools.events().normal(secret.object(), "SourceDeleted", message);
    tell(condition("False", "SourceDeleted", message).with("syncedPushSecrets", Struct.EMPTY));
    return Outcome.DONE;
  }

  private Outcome synced(Struct pushed) {
    String message =
        "PushSecret synced successfully"
            + (secret.keepsExisting() ? ". Existing secrets in providers unchanged." : "");
    tools.events().normal(secret.object(), "Synced", message);
    tell(
        condition("True", "Synced", message)
            .with("syncedPushSecrets", pushed)
            .with("refreshTime", Timestamps.seconds(began))
            .with("syncedResourceVersion", secret.version()));
    return secret.interval().isPositive() ? Outcome.again(secret.interval()) : Outcome.DONE;
  }

  private Outcome failed(String message) {
    tools.events().warning(secret.object(), "Errored", message);
    tell(condition("False", "Errored", message).with("syncedPushSecrets", pushes.known()));
    return Outcome.RETRY;
  }

  private Struct condition(String value, String reason, String message) {
    tools.metrics().condition(PUSH_SECRETS, secret.meta().key(), "Ready", value);
    return ReadyCondition.in(secret.status(), value, reason, message, tools.world().now());
  }

  /// Replaces the status: what was pushed no more has to go from it.
  private void tell(Struct status) {
    if (!status.equals(secret.status())) {
      Struct _ =
          tools
              .api()
              .patch(
                  PUSH_SECRETS,
                  secret.namespace(),
                  secret.meta().name(),
                  "status",
                  PatchType.JSON,
                  List.of(Struct.of("op", "add", "path", "/status", "value", status)));
    }
  }

  private void hold(boolean held) {
    if (held) {
      Struct _ = FINALIZER.add(tools.api(), secret.object());
    } else {
      FINALIZER.remove(tools.api(), secret.object());
    }
  }
}

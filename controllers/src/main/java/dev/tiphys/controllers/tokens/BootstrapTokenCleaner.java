package dev.tiphys.controllers.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Deletes the tokens by which nodes join once they have expired.
public final class BootstrapTokenCleaner implements Component {

  private final World world;
  private final Api api;
  private final Informer secrets;
  private final Controller controller;

  public BootstrapTokenCleaner(World world, Api api, ClusterView cluster) {
    this.world = world;
    this.api = api;
    this.secrets = cluster.of(ApiResource.SECRETS);
    this.controller = new Controller("token-cleaner", world, 1, this::reconcile);
    secrets.listen(
        Informer.Listener.ofAll(
            secret -> {
              if (isToken(secret)) {
                controller.enqueue(secret);
              }
            }));
  }

  private static boolean isToken(Struct secret) {
    return secret.string("type").equals("bootstrap.kubernetes.io/token")
        && Meta.of(secret).namespace().equals("kube-system");
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct secret = secrets.find(key.namespace(), key.name());
    if (secret == null || !isToken(secret) || !secret.has("data", "expiration")) {
      return Outcome.DONE;
    }
    Instant end = end(secret);
    Duration left = end == null ? Duration.ZERO : Duration.between(world.now(), end);
    if (left.isPositive()) {
      return Outcome.again(left);
    }
    try {
      api.delete(
          ApiResource.SECRETS,
          key.namespace(),
          key.name(),
          DeleteOptions.withUid(Meta.of(secret).uid()));
    } catch (ApiException e) {
      if (!e.is(Reason.NOT_FOUND, Reason.CONFLICT)) {
        throw e;
      }
    }
    return Outcome.DONE;
  }

  /// When the token ends; null if that can't be read, which counts as having ended.
  private static @Nullable Instant end(Struct secret) {
    try {
      byte[] decoded = Base64.getDecoder().decode(secret.string("data", "expiration"));
      return Timestamps.of(new String(decoded, UTF_8));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public void close() {
    controller.close();
  }
}

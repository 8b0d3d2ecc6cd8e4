package dev.tiphys.controllers.tokens;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.client.DeleteOptions;
import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.controllers.common.ClusterView;
import dev.tiphys.controllers.common.Component;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.api.Reason;
import dev.tiphys.world.World;
import java.time.Duration;

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
              if (JoinToken.isIn(secret)) {
                controller.enqueue(secret);
              }
            }));
  }

  @Override
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) {
    Struct secret = secrets.find(key.namespace(), key.name());
    if (secret == null || !JoinToken.isIn(secret)) {
      return Outcome.DONE;
    }
    Duration left = new JoinToken(secret).left(world.now());
    if (left == null) {
      return Outcome.DONE;
    }
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

  @Override
  public void close() {
    controller.close();
  }
}

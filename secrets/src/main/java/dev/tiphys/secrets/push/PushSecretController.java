package dev.tiphys.secrets.push;

import static dev.tiphys.secrets.model.SecretsResources.PUSH_SECRETS;

import dev.tiphys.client.Informer;
import dev.tiphys.client.controller.Controller;
import dev.tiphys.client.controller.Outcome;
import dev.tiphys.client.controller.RetryPolicy;
import dev.tiphys.client.leader.Charge;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.secrets.model.Lookout;
import dev.tiphys.secrets.model.PushSecret;
import java.time.Duration;

/// Looks at PushSecrets: when they change, and when their interval has passed.
///
/// Threads: any.
public final class PushSecretController implements AutoCloseable {

  private static final String NAME = "pushsecret";
  private static final int WORKERS = 2;
  private static final RetryPolicy POLICY =
      RetryPolicy.between(Duration.ofSeconds(1), Duration.ofMinutes(5));

  private final Informer secrets;
  private final PushTools tools;
  private final Charge charge;
  private final Controller controller;

  /// @param secrets all PushSecrets; not started yet
  public PushSecretController(Informer secrets, PushTools tools, Charge charge) {
    this.secrets = secrets;
    this.tools = tools;
    this.charge = charge;
    this.controller = new Controller(NAME, tools.world(), WORKERS, POLICY, this::reconcile);
    secrets.listen(
        new Lookout(
            controller,
            (before, now) -> !Lookout.identity(before).equals(Lookout.identity(now)),
            key -> tools.metrics().gone(PUSH_SECRETS, key)));
    charge.onChange(() -> secrets.list().forEach(controller::enqueue));
  }

  /// Begins, once the informers are complete.
  public void start() {
    controller.start();
  }

  private Outcome reconcile(ObjectKey key) throws InterruptedException {
    Struct object = secrets.find(key);
    if (object == null || !charge.isOurs()) {
      return Outcome.DONE;
    }
    long began = tools.world().nanoTime();
    Outcome outcome = new PushLook(tools, new PushSecret(object)).run();
    tools.metrics().looked(PUSH_SECRETS, key, tools.world().nanoTime() - began);
    return outcome;
  }

  @Override
  public void close() {
    controller.close();
  }
}

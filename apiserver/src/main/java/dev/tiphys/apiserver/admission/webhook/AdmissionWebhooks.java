package dev.tiphys.apiserver.admission.webhook;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.AdmissionMetrics;
import dev.tiphys.apiserver.admission.Forms;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.registry.Registry;
import dev.tiphys.apiserver.webhook.Webhooks;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.world.World;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// The webhooks that take part in admission, and what is known of their calls.
///
/// Threads: any.
public final class AdmissionWebhooks {

  private final CallLog log;
  private final Admission mutating;
  private final Admission validating;
  private final Admission guard;

  /// @param webhooks how they are reached
  /// @param authorizer what their conditions ask
  /// @param configurations the registries of configurations, by their plurals; asked once there is
  ///   a request
  /// @param events told of webhooks that guard themselves; asked once there is one
  /// @param metrics which are told of each call
  /// @param skipped the names of webhooks that are never asked
  public AdmissionWebhooks(
      World world,
      Webhooks webhooks,
      Authorizer authorizer,
      Lookup lookup,
      Forms forms,
      Function<String, Registry> configurations,
      Supplier<EventRecorder> events,
      AdmissionMetrics metrics,
      Set<String> skipped) {
    guard = new SelfGuard(lookup, forms, events);
    log = new CallLog(metrics);
    Caller caller = new Caller(world, webhooks, authorizer, log, Set.copyOf(skipped));
    mutating =
        new MutatingWebhooks(
            new Hooks(() -> configurations.apply("mutatingwebhookconfigurations")),
            caller,
            lookup,
            forms);
    validating =
        new ValidatingWebhooks(
            new Hooks(() -> configurations.apply("validatingwebhookconfigurations")),
            caller,
            lookup,
            forms);
  }

  /// Those that change objects.
  public Admission mutating() {
    return mutating;
  }

  /// Those that refuse requests.
  public Admission validating() {
    return validating;
  }

  /// What reports webhooks that guard what their own backend needs to start.
  public Admission guard() {
    return guard;
  }

  /// What became of their calls.
  public CallLog log() {
    return log;
  }
}

package dev.tiphys.apiserver;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.AdmissionMetrics;
import dev.tiphys.apiserver.admission.Plugins;
import dev.tiphys.apiserver.admission.policy.AdmissionPolicies;
import dev.tiphys.apiserver.admission.webhook.AdmissionWebhooks;
import dev.tiphys.apiserver.admission.webhook.CallLog;
import dev.tiphys.apiserver.admission.webhook.LocalReviews;
import dev.tiphys.apiserver.advice.Advice;
import dev.tiphys.apiserver.authorization.config.ConfiguredAuthorizers;
import dev.tiphys.apiserver.catalog.CatalogLookup;
import dev.tiphys.apiserver.fieldmanagement.OwnersCheck;
import dev.tiphys.apiserver.webhook.Webhooks;
import dev.tiphys.client.EventRecorder;
import dev.tiphys.metrics.Exposition;
import dev.tiphys.object.Struct;
import dev.tiphys.world.World;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// All that is asked before an object is written: plugins, policies, webhooks, other parts of this
/// process, and advice.
///
/// Threads: any.
final class AdmissionParts {

  /// The group of what configures admission.
  private static final String GROUP = "admissionregistration.k8s.io";

  private final AdmissionMetrics metrics;
  private final AdmissionWebhooks webhooks;
  private final LocalReviews local = new LocalReviews();
  private final Admission all;

  AdmissionParts(
      World world,
      ApiServerSettings settings,
      CatalogLookup lookup,
      ConfiguredAuthorizers authorizers,
      Webhooks calls,
      Supplier<EventRecorder> events) {
    this.metrics = new AdmissionMetrics(world);
    this.webhooks =
        new AdmissionWebhooks(
            world,
            calls,
            authorizers,
            lookup,
            lookup,
            plural -> lookup.registry(GROUP, plural),
            events,
            metrics,
            settings.admission().skippedWebhooks());
    AdmissionPolicies policies =
        new AdmissionPolicies(
            authorizers, lookup, lookup, plural -> lookup.registry(GROUP, plural), metrics);
    Admission plugins =
        Plugins.all(
            new Plugins.Parts(
                world,
                lookup,
                authorizers,
                plural -> lookup.registry("", plural),
                lookup::resources,
                configured(policies),
                metrics,
                Struct.EMPTY),
            settings.admission());
    this.all =
        new OwnersCheck(
            Admission.chain(
                List.of(
                    policies.rights(),
                    webhooks.guard(),
                    plugins,
                    settings.advises() ? new Advice(world, lookup) : Admission.NONE)));
  }

  /// The plugins that go by objects which clients write.
  private List<Plugins.Named> configured(AdmissionPolicies policies) {
    return List.of(
        new Plugins.Named("MutatingAdmissionPolicy", policies.mutating()),
        new Plugins.Named("MutatingAdmissionWebhook", webhooks.mutating()),
        new Plugins.Named("ValidatingAdmissionPolicy", policies.validating()),
        new Plugins.Named("ValidatingAdmissionWebhook", local.behind(webhooks.validating())));
  }

  Admission all() {
    return all;
  }

  /// As [ApiServer#reviewToo].
  void reviewToo(
      String webhook,
      String group,
      String plural,
      Function<Struct, String> refusal,
      Function<Struct, List<String>> warnings) {
    local.add(webhook, group, plural, refusal, warnings);
  }

  /// What became of the calls of webhooks.
  CallLog webhookLog() {
    return webhooks.log();
  }

  void write(Exposition out) {
    metrics.write(out);
  }
}

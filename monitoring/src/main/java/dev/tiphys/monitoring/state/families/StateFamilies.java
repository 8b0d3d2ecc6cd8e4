package dev.tiphys.monitoring.state.families;

import java.util.List;

/// All families, of the kinds that kube-state-metrics covers when it is told nothing. Labels and
/// annotations of objects are not among them, as they are not there: it has them only for names
/// that are listed.
public final class StateFamilies {

  /// In the order in which they are told.
  public static final List<KindFamilies> ALL =
      List.of(
          ConfigurationFamilies.signingRequests(),
          ConfigurationFamilies.configMaps(),
          BatchFamilies.cronJobs(),
          WorkloadFamilies.daemonSets(),
          WorkloadFamilies.deployments(),
          NetworkFamilies.slices(),
          LimitFamilies.autoscalers(),
          NetworkFamilies.ingresses(),
          BatchFamilies.jobs(),
          ConfigurationFamilies.leases(),
          LimitFamilies.ranges(),
          AdmissionFamilies.mutatingPolicies(),
          AdmissionFamilies.mutatingBindings(),
          AdmissionFamilies.webhooks("MutatingWebhookConfiguration"),
          NodeFamilies.namespaces(),
          NetworkFamilies.policies(),
          NodeFamilies.nodes(),
          StorageFamilies.claims(),
          StorageFamilies.volumes(),
          LimitFamilies.budgets(),
          PodFamilies.pods(),
          WorkloadFamilies.replicaSets(),
          WorkloadFamilies.replicationControllers(),
          LimitFamilies.quotas(),
          ConfigurationFamilies.secrets(),
          NetworkFamilies.services(),
          WorkloadFamilies.statefulSets(),
          StorageFamilies.classes(),
          AdmissionFamilies.validatingPolicies(),
          AdmissionFamilies.validatingBindings(),
          AdmissionFamilies.webhooks("ValidatingWebhookConfiguration"),
          StorageFamilies.attachments());

  private StateFamilies() {}
}

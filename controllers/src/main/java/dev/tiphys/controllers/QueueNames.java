package dev.tiphys.controllers;

import java.util.Map;

/// What upstream's metrics call the work queues of controllers.
final class QueueNames {

  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("bootstrap-signer", "bootstrap_signer_queue"),
          Map.entry("certificate-controller", "csrsigning"),
          Map.entry("clusterrole-aggregation-controller", "ClusterRoleAggregator"),
          Map.entry("daemonset-controller", "daemonset"),
          Map.entry("disruption-controller", "disruption"),
          Map.entry("endpoint-controller", "endpoint"),
          Map.entry("endpointslice-controller", "endpoint_slice"),
          Map.entry("endpointslicemirroring-controller", "endpoint_slice_mirroring"),
          Map.entry("generic-garbage-collector", "garbage_collector_attempt_to_delete"),
          Map.entry("namespace-controller", "namespace"),
          Map.entry("node-ipam-controller", "cidrallocator"),
          Map.entry("node-lifecycle-controller", "node_lifecycle_controller"),
          Map.entry("node-lifecycle-pods", "node_lifecycle_controller_pods"),
          Map.entry("orphaned-pods-of-jobs", "job_orphan_pod"),
          Map.entry("pv-protection-controller", "pvprotection"),
          Map.entry("pvc-protection-controller", "pvcprotection"),
          Map.entry("replication-controller", "replicationmanager"),
          Map.entry("resourcequota-controller", "resourcequota_primary"),
          Map.entry("root-ca-certificate-publisher", "root_ca_cert_publisher"),
          Map.entry("service-account-controller", "serviceaccount"),
          Map.entry("service-cidrs-controller", "servicecidr"),
          Map.entry("stale-disruptions", "stale_pod_disruption"),
          Map.entry("token-cleaner", "token_cleaner"),
          Map.entry("tokens-controller", "serviceaccount_tokens_secret"),
          Map.entry("ttl-after-finished-controller", "ttl_jobs_to_delete"));

  private QueueNames() {}

  /// @param controller what the queue's controller is called here
  static String of(String controller) {
    String known = NAMES.get(controller);
    return known != null ? known : controller.replaceFirst("-controller$", "").replace('-', '_');
  }
}

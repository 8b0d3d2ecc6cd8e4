package dev.tiphys.controllers;

import static dev.tiphys.client.ApiResource.CRON_JOBS;
import static dev.tiphys.client.ApiResource.DEPLOYMENTS;
import static dev.tiphys.client.ApiResource.ENDPOINTS;
import static dev.tiphys.client.ApiResource.HORIZONTAL_POD_AUTOSCALERS;
import static dev.tiphys.client.ApiResource.JOBS;
import static dev.tiphys.client.ApiResource.NODES;
import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUMES;
import static dev.tiphys.client.ApiResource.PERSISTENT_VOLUME_CLAIMS;
import static dev.tiphys.client.ApiResource.PODS;
import static dev.tiphys.client.ApiResource.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.encoding.Yaml;
import dev.tiphys.schema.GroupVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What controllers count has upstream's names, types and labels.
class MetricNamesTest {

  private static final ApiResource QUOTAS =
      new ApiResource(new GroupVersion("", "v1"), "resourcequotas", "ResourceQuota", true);

  private static final String TABLE =
      """
      attachdetach_controller_total_volumes gauge plugin_name state
      cronjob_controller_job_creation_skew_duration_seconds histogram
      endpoint_slice_controller_changes counter operation
      endpoint_slice_controller_desired_endpoint_slices gauge
      endpoint_slice_controller_endpoints_added_per_sync histogram
      endpoint_slice_controller_endpoints_desired gauge
      endpoint_slice_controller_endpoints_removed_per_sync histogram
      endpoint_slice_controller_endpointslices_changed_per_sync histogram topology traffic_distribution
      endpoint_slice_controller_num_endpoint_slices gauge
      endpoint_slice_controller_services_count_by_traffic_distribution gauge traffic_distribution
      endpoint_slice_controller_syncs counter result
      endpoint_slice_mirroring_controller_addresses_skipped_per_sync histogram
      endpoint_slice_mirroring_controller_changes counter operation
      endpoint_slice_mirroring_controller_desired_endpoint_slices gauge
      endpoint_slice_mirroring_controller_endpoints_added_per_sync histogram
      endpoint_slice_mirroring_controller_endpoints_desired gauge
      endpoint_slice_mirroring_controller_endpoints_removed_per_sync histogram
      endpoint_slice_mirroring_controller_endpoints_sync_duration histogram
      endpoint_slice_mirroring_controller_endpoints_updated_per_sync histogram
      endpoint_slice_mirroring_controller_num_endpoint_slices gauge
      ephemeral_volume_controller_create_failures_total counter
      ephemeral_volume_controller_create_total counter
      horizontal_pod_autoscaler_controller_desired_replicas gauge hpa_name namespace
      horizontal_pod_autoscaler_controller_metric_computation_duration_seconds histogram action error metric_type
      horizontal_pod_autoscaler_controller_metric_computation_total counter action error metric_type
      horizontal_pod_autoscaler_controller_num_horizontal_pod_autoscalers gauge
      horizontal_pod_autoscaler_controller_reconciliation_duration_seconds histogram action error
      horizontal_pod_autoscaler_controller_reconciliations_total counter action error
      job_controller_job_finished_indexes_total counter backoffLimit status
      job_controller_job_pods_creation_total counter reason status
      job_controller_job_pods_finished_total counter completion_mode result
      job_controller_job_sync_duration_seconds histogram action completion_mode result
      job_controller_job_syncs_total counter action completion_mode result
      job_controller_jobs_by_external_controller_total counter controller_name
      job_controller_jobs_finished_total counter completion_mode reason result
      job_controller_pod_failures_handled_by_failure_policy_total counter action
      job_controller_terminated_pods_tracking_finalizer_total counter event
      node_collector_evictions_total counter zone
      node_collector_unhealthy_nodes_in_zone gauge zone
      node_collector_update_all_nodes_health_duration_seconds histogram
      node_collector_update_node_health_duration_seconds histogram
      node_collector_zone_health gauge zone
      node_collector_zone_size gauge zone
      node_ipam_controller_cidrset_allocation_tries_per_request histogram clusterCIDR
      node_ipam_controller_cidrset_cidrs_allocations_total counter clusterCIDR
      node_ipam_controller_cidrset_cidrs_releases_total counter clusterCIDR
      node_ipam_controller_cidrset_usage_cidrs gauge clusterCIDR
      node_ipam_controller_cirdset_max_cidrs gauge clusterCIDR
      pod_gc_collector_force_delete_pods_total counter namespace reason
      pv_collector_bound_pv_count gauge storage_class
      pv_collector_bound_pvc_count gauge namespace storage_class volume_attributes_class
      pv_collector_total_pv_count gauge plugin_name volume_mode
      pv_collector_unbound_pv_count gauge storage_class
      pv_collector_unbound_pvc_count gauge namespace storage_class volume_attributes_class
      replicaset_controller_sorting_deletion_age_ratio histogram
      retroactive_storageclass_errors_total counter
      retroactive_storageclass_total counter
      root_ca_cert_publisher_sync_duration_seconds histogram code
      root_ca_cert_publisher_sync_total counter code
      running_managed_controllers gauge name manager
      storage_count_attachable_volumes_in_use gauge node volume_plugin
      storage_operation_duration_seconds histogram volume_plugin operation_name status migrated
      taint_eviction_controller_pod_deletion_duration_seconds histogram
      taint_eviction_controller_pod_deletions_total counter
      ttl_after_finished_controller_job_deletion_duration_seconds histogram
      volume_operation_total_errors counter plugin_name operation_name
      volume_operation_total_seconds histogram plugin_name operation_name
      """;

  private static final Pattern SAMPLE =
      Pattern.compile("([a-z_]+?)(_bucket|_sum|_count)?(\\{.*})? .*");

  private final TestCluster cluster =
      new TestCluster(
          1,
          ControllerSettings.DEFAULT
              .withRootCertificates("pem")
              .withPodRanges(PodRanges.DEFAULT.of(List.of("10.20.0.0/22"))));

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void areThoseOfTheTable() {
    autoscale();
    serve();
    mirror();
    shrink();
    finishJobs();
    useVolumes();
    makeAndDeleteVolumes();
    loseANode();

    assertThat(families()).containsExactlyElementsOf(TABLE.lines().toList());
  }

  private void serve() {
    cluster.create(
        SERVICES,
        """
        metadata: {name: web, namespace: default}
        spec: {selector: {app: web}, ports: [{port: 80}], trafficDistribution: PreferSameNode}
        """);
    cluster.settle();
    assertSample("controller_num_endpoint_slices 1");
    assertSample("controller_desired_endpoint_slices 1");
    assertSample("controller_endpoints_desired 2");
    assertSample("by_traffic_distribution{traffic_distribution=\"PreferSameNode\"} 1");
    assertSample("controller_changes{operation=\"create\"} 1");
    assertSample(
        "changed_per_sync_sum{topology=\"Disabled\",traffic_distribution=\"PreferSameNode\"} 1");
  }

  /// Endpoints that are written by hand, one address of which changes its name.
  private void mirror() {
    cluster.create(
        SERVICES, "{metadata: {name: old, namespace: default}, spec: {ports: [{port: 80}]}}");
    cluster.create(
        ENDPOINTS,
        """
        metadata: {name: old, namespace: default}
        subsets: [{addresses: [{ip: 192.0.2.1}, {ip: 192.0.2.2}], ports: [{port: 80}]}]
        """);
    cluster.settle();
    cluster.change(
        ENDPOINTS,
        "old",
        written ->
            written.with(
                "subsets",
                List.of(
                    Yaml.struct(
                        "{addresses: [{ip: 192.0.2.1}, {ip: 192.0.2.2, hostname: b}], ports: [{port: 80}]}"))));
    cluster.settle();
    assertSample("mirroring_controller_num_endpoint_slices 1");
    assertSample("mirroring_controller_endpoints_desired 2");
    assertSample("mirroring_controller_endpoints_updated_per_sync_sum 1");
    assertSample("mirroring_controller_changes{operation=\"update\"} 1");
  }

  /// Of two Pods as old as each other, one goes.
  private void shrink() {
    cluster.advance(Duration.ofSeconds(20));
    cluster.change(DEPLOYMENTS, "web", web -> web.withAt(1L, "spec", "replicas"));
    cluster.settle();
    assertSample("sorting_deletion_age_ratio_sum 1");
  }

  private void autoscale() {
    cluster.create(DEPLOYMENTS, Manifests.deployment(2, ""));
    cluster.create(
        HORIZONTAL_POD_AUTOSCALERS,
        """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: web, namespace: default}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
          maxReplicas: 3
        """);
    cluster.settle();
    assertSample("num_horizontal_pod_autoscalers 1");
  }

  private void finishJobs() {
    job("good", "completions: 2, completionMode: Indexed, ttlSecondsAfterFinished: 30");
    job(
        "bad",
        "backoffLimit: 0, podFailurePolicy: {rules: [{action: Count, onExitCodes: {operator: In, values: [3]}}]}");
    job("other", "managedBy: example.com/it");
    cluster.create(
        CRON_JOBS,
        """
        metadata: {name: each, namespace: default}
        spec:
          schedule: "* * * * *"
          jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}}
        """);
    cluster.kubelet.letExit(
        pod ->
            Meta.of(pod).name().startsWith("good")
                ? 0
                : Meta.of(pod).name().startsWith("bad") ? 3 : TestKubelet.RUNS_ON);
    cluster.advance(Duration.ofSeconds(150));
    assertSample(
        "jobs_finished_total{completion_mode=\"Indexed\",reason=\"CompletionsReached\",result=\"succeeded\"} 1");
    assertSample(
        "jobs_finished_total{completion_mode=\"NonIndexed\",reason=\"BackoffLimitExceeded\",result=\"failed\"} 1");
    assertSample("job_pods_finished_total{completion_mode=\"Indexed\",result=\"succeeded\"} 2");
    assertSample("job_pods_finished_total{completion_mode=\"NonIndexed\",result=\"failed\"} 1");
    assertSample("job_finished_indexes_total{backoffLimit=\"global\",status=\"succeeded\"} 2");
    assertSample("failure_policy_total{action=\"Count\"} 1");
    assertSample("jobs_by_external_controller_total{controller_name=\"example.com/it\"} 1");
    assertSample("tracking_finalizer_total{event=\"add\"} 3");
    assertSample("tracking_finalizer_total{event=\"delete\"} 3");
    assertSample("job_deletion_duration_seconds_count 1");
    assertSample("job_creation_skew_duration_seconds_count 2");
  }

  private void job(String name, String spec) {
    cluster.create(
        JOBS,
        """
        metadata: {name: %s, namespace: default}
        spec: {%s, template: {spec: {restartPolicy: Never, containers: [{name: c, image: i}]}}}
        """
            .formatted(name, spec));
  }

  private void useVolumes() {
    cluster.create(
        PERSISTENT_VOLUMES,
        """
        metadata: {name: disk}
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce]
          storageClassName: ""
          claimRef: {namespace: default, name: data}
          csi: {driver: disks.example.com, volumeHandle: h}
        """);
    cluster.create(
        PERSISTENT_VOLUMES,
        """
        metadata: {name: free}
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteMany]
          storageClassName: other
          hostPath: {path: /x}
        """);
    for (String name : List.of("data", "none")) {
      cluster.create(
          PERSISTENT_VOLUME_CLAIMS,
          """
          metadata: {name: %s, namespace: default}
          spec: {accessModes: [ReadWriteOnce], storageClassName: "", resources: {requests: {storage: 1Gi}}}
          """
              .formatted(name));
    }
    cluster.create(
        PODS,
        """
        metadata: {name: user, namespace: default}
        spec:
          nodeName: node-0
          containers: [{name: c, image: i}]
          volumes:
          - {name: d, persistentVolumeClaim: {claimName: data}}
          - {name: e, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}
        """);
    cluster.settle();
    cluster.create(
        QUOTAS,
        "{metadata: {name: q, namespace: default}, spec: {hard: {persistentvolumeclaims: 3}}}");
    cluster.settle();
    cluster.create(
        PODS,
        """
        metadata: {name: late, namespace: default}
        spec:
          containers: [{name: c, image: i}]
          volumes: [{name: e, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}}]
        """);
    cluster.settle();
    assertSample(
        "pv_collector_total_pv_count{plugin_name=\"kubernetes.io/csi:disks.example.com\",volume_mode=\"Filesystem\"} 1");
    assertSample(
        "pv_collector_total_pv_count{plugin_name=\"kubernetes.io/host-path\",volume_mode=\"Filesystem\"} 1");
    assertSample("in_use{node=\"node-0\",volume_plugin=\"kubernetes.io/csi:disks.example.com\"} 1");
    assertSample("state=\"desired_state_of_world\"} 1");
  }

  /// One volume is made and deleted by a driver, one directory can't be deleted.
  private void makeAndDeleteVolumes() {
    cluster.create(
        new ApiResource(
            new GroupVersion("storage.k8s.io", "v1"), "storageclasses", "StorageClass", false),
        """
        metadata:
          name: fast
          annotations: {storageclass.kubernetes.io/is-default-class: "true"}
        provisioner: disks.example.com
        """);
    cluster.delete(QUOTAS, "q");
    cluster.create(
        PERSISTENT_VOLUME_CLAIMS,
        """
        metadata: {name: made, namespace: default}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """);
    cluster.settle();
    String uid = Meta.of(cluster.get(PERSISTENT_VOLUME_CLAIMS, "made")).uid();
    cluster.create(
        PERSISTENT_VOLUMES,
        """
        metadata: {name: made, annotations: {pv.kubernetes.io/provisioned-by: disks.example.com}}
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce]
          storageClassName: fast
          persistentVolumeReclaimPolicy: Delete
          claimRef: {namespace: default, name: made, uid: %s}
          csi: {driver: disks.example.com, volumeHandle: made}
        """
            .formatted(uid));
    cluster.create(
        PERSISTENT_VOLUMES,
        """
        metadata: {name: old}
        spec:
          capacity: {storage: 1Gi}
          accessModes: [ReadWriteOnce]
          storageClassName: ""
          persistentVolumeReclaimPolicy: Delete
          claimRef: {namespace: default, name: old, uid: gone}
          hostPath: {path: /srv/old}
        """);
    cluster.settle();
    cluster.delete(PERSISTENT_VOLUME_CLAIMS, "made");
    cluster.settle();
    cluster.delete(PERSISTENT_VOLUMES, "made");
    cluster.settle();
    for (String operation : List.of("provision", "delete")) {
      assertSample(
          "volume_operation_total_seconds_count{plugin_name=\"disks.example.com\",operation_name=\"%s\"} 1"
              .formatted(operation));
    }
    assertSample("total_errors{plugin_name=\"kubernetes.io/host-path\",operation_name=\"delete\"}");
    assertSample("operation_name=\"volume_delete\",status=\"fail-unknown\",migrated=\"false\"}");
  }

  private void loseANode() {
    cluster.change(
        NODES,
        "node-1",
        node -> node.withAt("z", "metadata", "labels", "topology.kubernetes.io/zone"));
    cluster.kubelet.lose("node-1");
    cluster.advance(Duration.ofMinutes(10));
    assertSample("zone_size{zone=\":\0:z\"} 1");
    assertSample("zone_health{zone=\":\0:z\"} 0");
    assertSample("zone_health{zone=\"\"} 100");
    assertSample("unhealthy_nodes_in_zone{zone=\":\0:z\"} 1");
    assertSample("node_collector_evictions_total{zone=\":\0:z\"} 1");
    assertSample("max_cidrs{clusterCIDR=\"10.20.0.0/22\"} 4");
    assertSample("cidrset_usage_cidrs{clusterCIDR=\"10.20.0.0/22\"} 0.75");
    cluster.delete(NODES, "node-1");
    cluster.advance(Duration.ofMinutes(2));
    assertSample("force_delete_pods_total{namespace=\"default\",reason=\"orphaned\"}");
  }

  private void assertSample(String sample) {
    assertThat(cluster.counted()).contains(sample);
  }

  /// Each family with its type and labels.
  private TreeSet<String> families() {
    Map<String, String> types = new TreeMap<>();
    TreeSet<String> families = new TreeSet<>();
    for (String line : cluster.counted().split("\n")) {
      if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ");
        types.put(words[2], words[3]);
      } else if (!line.startsWith("#")) {
        Matcher sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        String whole = line.split("[{ ]")[0];
        String name = types.containsKey(whole) ? whole : sample.group(1);
        families.add(String.join(" ", name, types.get(name), labels(sample.group(3))).strip());
      }
    }
    return families;
  }

  private static String labels(String written) {
    return written == null
        ? ""
        : String.join(
            " ",
            Arrays.stream(written.substring(1, written.length() - 1).split(","))
                .map(label -> label.split("=")[0])
                .filter(label -> !label.equals("le"))
                .toList());
  }
}

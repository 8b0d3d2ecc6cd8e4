package dev.tiphys.monitoring.jobs;

import dev.tiphys.monitoring.config.ClusterAccess;
import dev.tiphys.monitoring.state.StateRegistration;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.List;

/// What a Prometheus scrapes of the cluster itself: its control plane, its nodes and what runs on
/// them, its DNS, and what its objects say. Jobs and labels are those that public dashboards and
/// alert rules ask for, as kube-prometheus has them.
public final class ClusterJobs {

  private static final String SERVICE = "__meta_kubernetes_service_name";
  private static final String LABEL = "__meta_kubernetes_service_label_app_kubernetes_io_name";
  private static final String PORT = "__meta_kubernetes_endpointslice_port_name";
  private static final String NODE = "__meta_kubernetes_node_name";
  private static final String METRICS = "/metrics";

  /// What every process tells of itself.
  private static final String PROCESS = "process_.*|go_.*|jvm_.*|kubernetes_.*|rest_client_.*";

  private static final String SCHEDULER = "scheduler_.*";

  private static final String CONTROLLERS =
      "workqueue_.*|attachdetach_.*|cronjob_.*|endpoint_slice_.*|endpointslice_.*"
          + "|garbagecollector_.*|horizontal_pod_autoscaler_.*|job_controller_.*|node_collector_.*"
          + "|node_ipam_.*|persistentvolume_.*|pv_collector_.*|replicaset_controller_.*"
          + "|root_ca_cert_.*|service_controller_.*|statefulset_controller_.*|ttl_after_finished_.*"
          + "|volume_operation_.*|leader_election_.*";

  /// Of what runs in the same process, and has its own names: rollouts, secrets, the edge.
  private static final String TIPHYS =
      "tiphys_.*|rollout_.*|analysis_.*|experiment_.*|externalsecret_.*|clusterexternalsecret_.*"
          + "|secretstore_.*|clustersecretstore_.*|pushsecret_.*|controller_runtime_.*"
          + "|nginx_ingress_controller_.*|istio_.*";

  private ClusterJobs() {}

  /// Entries of `scrape_configs`, always in the same order.
  public static List<Struct> scrapeConfigs(ClusterAccess access) {
    return List.of(
        controlPlane(access, "apiserver")
            .samples("drop", join(SCHEDULER, CONTROLLERS, TIPHYS))
            .build(),
        controlPlane(access, "kube-scheduler").samples("keep", join(SCHEDULER, PROCESS)).build(),
        controlPlane(access, "kube-controller-manager")
            .samples("keep", join(CONTROLLERS, PROCESS))
            .build(),
        controlPlane(access, "tiphys").samples("keep", TIPHYS).build(),
        elsewhere(access, "kube-scheduler").build(),
        elsewhere(access, "kube-controller-manager").build(),
        kubelet(access, METRICS).build(),
        kubelet(access, "/metrics/cadvisor").with("honor_timestamps", false).build(),
        kubelet(access, "/metrics/probes").build(),
        kubelet(access, "/metrics/resource").build(),
        node(access, "kube-proxy", "/metrics/proxy").build(),
        node(access, "node-exporter", "/metrics/node").label("instance", NODE).build(),
        dns(access).build(),
        state(access).build());
  }

  private static String join(String... regexes) {
    return String.join("|", regexes);
  }

  /// Where servers are told of by slices of a Service.
  private static Struct slices(ClusterAccess access, String namespace) {
    return discovery(access, "endpointslice")
        .with("namespaces", Struct.of("names", List.of(namespace)));
  }

  private static Struct discovery(ClusterAccess access, String role) {
    return new StructBuilder()
        .add("role", role)
        .add("api_server", access.apiServer())
        .add("authorization", access.authorization())
        .add("tls_config", access.tls())
        .build();
  }

  /// Scheduler and controllers run beside the API server, which tells what they count, too: each
  /// job takes what is its own.
  private static Job controlPlane(ClusterAccess access, String name) {
    return new Job(name, METRICS)
        .with("scheme", "https")
        .with("authorization", access.authorization())
        .with("tls_config", access.tls().with("server_name", "kubernetes"))
        .with("kubernetes_sd_configs", List.of(slices(access, "default")))
        .keep("kubernetes;https", SERVICE, PORT);
  }

  /// A scheduler or controller manager in a process of its own, upstream's among them, by the
  /// Service that kube-prometheus has for it. Its certificate is one that no authority vouches for.
  private static Job elsewhere(ClusterAccess access, String name) {
    return new Job(name, METRICS)
        .called("elsewhere")
        .with("scheme", "https")
        .with("authorization", access.authorization())
        .with("tls_config", Struct.of("insecure_skip_verify", true))
        .with("kubernetes_sd_configs", List.of(slices(access, "kube-system")))
        .keep(name + ";https-metrics", LABEL, PORT);
  }

  /// Pages of a node's agent, for what runs on the node. Agents may have certificates that no
  /// authority vouches for; a simulated node has no agent, and says port 0.
  private static Job node(ClusterAccess access, String name, String path) {
    return new Job(name, path)
        .with("scheme", "https")
        .with("authorization", access.authorization())
        .with("tls_config", Struct.of("insecure_skip_verify", true))
        .with("kubernetes_sd_configs", List.of(discovery(access, "node")))
        .drop(".*:0", "__address__")
        .label("node", NODE);
  }

  private static Job kubelet(ClusterAccess access, String path) {
    return node(access, "kubelet", path)
        .with("honor_labels", true)
        .label("metrics_path", "__metrics_path__");
  }

  private static Job dns(ClusterAccess access) {
    return new Job("coredns", METRICS)
        .with("kubernetes_sd_configs", List.of(slices(access, "kube-system")))
        .keep("kube-dns;metrics", SERVICE, PORT);
  }

  /// Ours speaks HTTPS and wants a token. Where people have their own by upstream's manifest, it
  /// speaks HTTP at another port.
  private static Job state(ClusterAccess access) {
    return new Job(StateRegistration.NAME, METRICS)
        .with("scheme", "https")
        .with("honor_labels", true)
        .with("authorization", access.authorization())
        .with("tls_config", access.tls().with("server_name", StateRegistration.serverName()))
        .with("kubernetes_sd_configs", List.of(slices(access, StateRegistration.NAMESPACE)))
        .keep(StateRegistration.NAME + ";(https-main|http-metrics)", SERVICE, PORT)
        .labelIf("http-metrics", PORT, "__scheme__", "http");
  }
}

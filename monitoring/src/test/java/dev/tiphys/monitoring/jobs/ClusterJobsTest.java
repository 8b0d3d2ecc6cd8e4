package dev.tiphys.monitoring.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.monitoring.config.ClusterAccess;
import dev.tiphys.object.Struct;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClusterJobsTest {

  private static final ClusterAccess ACCESS =
      new ClusterAccess("https://192.0.2.1:6443", Path.of("/pki/ca.crt"), Path.of("/run/token"));

  private final List<Struct> jobs = ClusterJobs.scrapeConfigs(ACCESS);

  private Struct job(String name) {
    return jobs.stream()
        .filter(each -> each.string("job_name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  /// The value that targets get for a label.
  private static String given(Struct job, String label) {
    return job.structs("relabel_configs").stream()
        .filter(each -> each.string("target_label").equals(label))
        .reduce((_, last) -> last)
        .map(
            each ->
                each.has("replacement")
                    ? each.string("replacement")
                    : each.strings("source_labels").getFirst())
        .orElse("");
  }

  /// Whether a family is stored by a job.
  private static boolean stores(Struct job, String family) {
    for (Struct each : job.structs("metric_relabel_configs")) {
      boolean matches = family.matches(each.string("regex"));
      if (each.string("action").equals("keep") != matches) {
        return false;
      }
    }
    return true;
  }

  @Test
  void jobsAreTheOnesThatRulesAskFor() {
    assertThat(jobs.stream().map(each -> given(each, "job")).distinct())
        .containsExactly(
            "apiserver",
            "kube-scheduler",
            "kube-controller-manager",
            "tiphys",
            "kubelet",
            "kube-proxy",
            "node-exporter",
            "coredns",
            "kube-state-metrics");
  }

  @Test
  void everyEntryHasANameOfItsOwn() {
    Set<String> names = new HashSet<>();
    assertThat(jobs).allMatch(each -> names.add(each.string("job_name")));
  }

  @Test
  void pagesOfAKubeletAreToldApartByTheirPath() {
    for (String page : List.of("/metrics", "/metrics/cadvisor", "/metrics/probes")) {
      Struct job = job("cluster/kubelet" + page);
      assertThat(job.string("metrics_path")).isEqualTo(page);
      assertThat(given(job, "metrics_path")).isEqualTo("__metrics_path__");
      assertThat(job.bool("honor_labels")).isTrue();
    }
  }

  @Test
  void aNodeIsAnInstanceByItsName() {
    assertThat(given(job("cluster/node-exporter/metrics/node"), "instance"))
        .isEqualTo("__meta_kubernetes_node_name");
  }

  @Test
  void partsOfOneProcessAreTakenApart() {
    Struct server = job("cluster/apiserver/metrics");
    Struct scheduler = job("cluster/kube-scheduler/metrics");
    Struct controllers = job("cluster/kube-controller-manager/metrics");
    Struct own = job("cluster/tiphys/metrics");

    assertThat(stores(server, "apiserver_request_total")).isTrue();
    assertThat(stores(scheduler, "apiserver_request_total")).isFalse();
    assertThat(stores(scheduler, "scheduler_pending_pods")).isTrue();
    assertThat(stores(server, "scheduler_pending_pods")).isFalse();
    assertThat(stores(controllers, "workqueue_depth")).isTrue();
    assertThat(stores(own, "nginx_ingress_controller_requests")).isTrue();
    assertThat(stores(server, "nginx_ingress_controller_requests")).isFalse();
    assertThat(List.of(server, scheduler, controllers))
        .allMatch(job -> stores(job, "process_cpu_seconds_total"));
  }

  @Test
  void partsInProcessesOfTheirOwnAreFoundByTheServicesOfKubePrometheus() {
    Struct job = job("cluster/kube-scheduler/metrics/elsewhere");

    assertThat(given(job, "job")).isEqualTo("kube-scheduler");
    assertThat(job.structs("kubernetes_sd_configs").getFirst().strings("namespaces", "names"))
        .containsExactly("kube-system");
    assertThat(job.structs("relabel_configs").getFirst())
        .isEqualTo(
            Struct.of(
                "action",
                "keep",
                "regex",
                "kube-scheduler;https-metrics",
                "source_labels",
                List.of(
                    "__meta_kubernetes_service_label_app_kubernetes_io_name",
                    "__meta_kubernetes_endpointslice_port_name")));
  }

  @Test
  void tokensGoOnlyOverTls() {
    assertThat(jobs)
        .allMatch(each -> !each.has("authorization") || each.string("scheme").equals("https"));
  }

  @Test
  void theClusterIsSeenWithTheAccessThatIsGiven() {
    Struct discovery =
        job("cluster/kube-state-metrics/metrics").structs("kubernetes_sd_configs").getFirst();
    assertThat(discovery.string("api_server")).isEqualTo("https://192.0.2.1:6443");
    assertThat(discovery.string("authorization", "credentials_file")).isEqualTo("/run/token");
    assertThat(discovery.string("tls_config", "ca_file")).isEqualTo("/pki/ca.crt");
  }
}

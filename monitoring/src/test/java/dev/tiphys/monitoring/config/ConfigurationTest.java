package dev.tiphys.monitoring.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.client.ApiResource;
import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.monitoring.selection.Sources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.encoding.Yaml;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What objects become in the configuration of Prometheus.
class ConfigurationTest {

  private static final Path DIRECTORY = Path.of("/data");
  private static final Version DEBIAN = new Version(2, 42);
  private static final Struct SECRET =
      Yaml.struct("data: {user: bWU=, password: czNjcmV0, ca: Y2E=}"); // me, s3cret, ca

  private String prometheus = "scrapeInterval: 30s";

  private Configuration configuration(Version version) {
    return new Configuration(
        new Prometheus(
            Yaml.struct(
                "metadata: {name: prometheus, namespace: monitoring}\nspec:\n"
                    + prometheus.indent(2))),
        version,
        new ClusterAccess("https://192.0.2.1:6443", Path.of("/ca"), Path.of("/token")),
        new Sources(
            Map.of(new ObjectKey("web", "credentials"), SECRET)::get,
            Map.<ObjectKey, Struct>of()::get),
        DIRECTORY,
        List.of(),
        List.of());
  }

  private static Monitor monitor(ApiResource resource, String name, String spec) {
    return new Monitor(
        resource,
        Yaml.struct(
            "kind: %s\nmetadata: {name: %s, namespace: web, uid: u1}\nspec:\n%s"
                .formatted(resource.kind(), name, spec.indent(2))));
  }

  private static Monitor service(String spec) {
    return monitor(MonitoringResources.SERVICE_MONITORS, "app", spec);
  }

  private Struct job(Monitor monitor) throws RejectedException {
    return job(monitor, DEBIAN);
  }

  private Struct job(Monitor monitor, Version version) throws RejectedException {
    return configuration(version).partOf(monitor).getFirst();
  }

  private static List<String> relabelings(Struct job) {
    return job.structs("relabel_configs").stream().map(Struct::toString).toList();
  }

  @Test
  void aServiceMonitorBecomesAJobWithItsRelabelingsInOrder() throws RejectedException {
    Struct job =
        job(
            service(
                """
                selector:
                  matchLabels: {b: two, app.kubernetes.io/name: one}
                  matchExpressions:
                  - {key: tier, operator: In, values: [front, back]}
                  - {key: old, operator: DoesNotExist}
                jobLabel: app
                targetLabels: [team/x]
                podTargetLabels: [version]
                endpoints:
                - {port: metrics, path: /m, interval: 15s, scheme: HTTPS, params: {a: [b]}, honorLabels: true,
                   relabelings: [{sourceLabels: [x], targetLabel: to, action: Replace}],
                   metricRelabelings: [{action: labeldrop, regex: z}]}
                """));

    assertThat(job.string("job_name")).isEqualTo("serviceMonitor/web/app/0");
    assertThat(job.string("metrics_path")).isEqualTo("/m");
    assertThat(job.string("scheme")).isEqualTo("https");
    assertThat(job.bool("honor_labels")).isTrue();
    assertThat(job.structs("metric_relabel_configs"))
        .containsExactly(Struct.of("action", "labeldrop", "regex", "z"));
    assertThat(relabelings(job))
        .containsExactly(
            "{\"source_labels\":[\"job\"],\"target_label\":\"__tmp_prometheus_job_name\"}",
            keep(
                "(one);true",
                "service_label_app_kubernetes_io_name",
                "service_labelpresent_app_kubernetes_io_name"),
            keep("(two);true", "service_label_b", "service_labelpresent_b"),
            keep("(front|back);true", "service_label_tier", "service_labelpresent_tier"),
            keep("true", "service_labelpresent_old").replace("keep", "drop"),
            keep("metrics", "endpoint_port_name"),
            target("Node", "node"),
            target("Pod", "pod"),
            copy("namespace", "namespace"),
            copy("service_name", "service"),
            copy("pod_name", "pod"),
            copy("pod_container_name", "container"),
            keep("(Failed|Succeeded)", "pod_phase").replace("keep", "drop"),
            ifAny("service_label_team_x", "team_x"),
            ifAny("pod_label_version", "version"),
            "{\"replacement\":\"${1}\",\"source_labels\":[\"__meta_kubernetes_service_name\"],\"target_label\":\"job\"}",
            ifAny("service_label_app", "job"),
            "{\"replacement\":\"metrics\",\"target_label\":\"endpoint\"}",
            "{\"action\":\"replace\",\"source_labels\":[\"x\"],\"target_label\":\"to\"}");
  }

  private static String keep(String regex, String... labels) {
    List<String> all = new ArrayList<>();
    for (String each : labels) {
      all.add("\"__meta_kubernetes_" + each + "\"");
    }
    return "{\"action\":\"keep\",\"regex\":\"%s\",\"source_labels\":[%s]}"
        .formatted(regex, String.join(",", all));
  }

  private static String copy(String from, String to) {
    return "{\"source_labels\":[\"__meta_kubernetes_%s\"],\"target_label\":\"%s\"}"
        .formatted(from, to);
  }

  private static String ifAny(String from, String to) {
    return "{\"regex\":\"(.+)\",\"replacement\":\"${1}\",\"source_labels\":[\"__meta_kubernetes_%s\"],\"target_label\":\"%s\"}"
        .formatted(from, to);
  }

  private static String target(String kind, String label) {
    return ("{\"regex\":\"%s;(.*)\",\"replacement\":\"${1}\",\"separator\":\";\","
            + "\"source_labels\":[\"__meta_kubernetes_endpoint_address_target_kind\","
            + "\"__meta_kubernetes_endpoint_address_target_name\"],\"target_label\":\"%s\"}")
        .formatted(kind, label);
  }

  @Test
  void targetPortsAreThoseOfContainers() throws RejectedException {
    Monitor number = service("selector: {}\nendpoints: [{targetPort: 8080}]");
    Monitor name = service("selector: {}\nendpoints: [{targetPort: web}]");

    assertThat(relabelings(job(number))).contains(keep("8080", "pod_container_port_number"));
    assertThat(relabelings(job(name))).contains(keep("web", "pod_container_port_name"));
    assertThat(relabelings(job(number)))
        .contains("{\"replacement\":\"8080\",\"target_label\":\"endpoint\"}");
  }

  @Test
  void credentialsAreInFilesAndWhatIsNotThereIsSaid() throws RejectedException {
    Monitor monitor =
        service(
            """
            selector: {}
            endpoints:
            - port: a
              basicAuth: {username: {name: credentials, key: user}, password: {name: credentials, key: password}}
              tlsConfig: {ca: {secret: {name: credentials, key: ca}}, serverName: app}
            """);
    Configuration configuration = configuration(DEBIAN);
    Rendered rendered = configuration.of(List.of(monitor));

    assertThat(rendered.text()).doesNotContain("s3cret").contains("username: me");
    assertThat(rendered.files().values())
        .extracting(String::new)
        .containsExactlyInAnyOrder("s3cret", "ca");
    assertThat(rendered.files().keySet()).allMatch(each -> each.startsWith("/data/secrets"));
    assertThatThrownBy(
            () ->
                job(
                    service(
                        "selector: {}\nendpoints: [{port: a, bearerTokenSecret: {name: credentials, key: none}}]")))
        .hasMessage("key \"none\" in secret \"credentials\" not found");
  }

  @Test
  void theFilesOfPodsMeanWhatPrometheusSeesTheClusterWith() throws RejectedException {
    Struct job =
        job(
            service(
                """
                selector: {}
                endpoints:
                - port: a
                  bearerTokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
                  tlsConfig: {caFile: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt}
                """));
    assertThat(job.struct("authorization")).isEqualTo(Struct.of("credentials_file", "/token"));
    assertThat(job.struct("tls_config")).isEqualTo(Struct.of("ca_file", "/ca"));
  }

  @Test
  void theSmallerLimitCountsAndWhatTheVersionDoesNotKnowIsLeftOut() throws RejectedException {
    prometheus =
        "enforcedSampleLimit: 100\nenforcedTargetLimit: 5\nenforcedBodySizeLimit: 1MB\nenforcedKeepDroppedTargets: 3";
    Monitor monitor =
        service(
            "selector: {}\nsampleLimit: 1000\ntargetLimit: 2\nbodySizeLimit: 2KB\nscrapeProtocols: [PrometheusText0.0.4]\nendpoints: [{port: a, trackTimestampsStaleness: true}]");

    Struct job = job(monitor);
    assertThat(job.integer("sample_limit")).isEqualTo(100);
    assertThat(job.integer("target_limit")).isEqualTo(2);
    assertThat(job.string("body_size_limit")).isEqualTo("2KB");
    assertThat(job.names())
        .doesNotContain("keep_dropped_targets", "scrape_protocols", "track_timestamps_staleness");
    assertThat(job(monitor, new Version(3, 1)).names())
        .contains("keep_dropped_targets", "scrape_protocols", "track_timestamps_staleness");
  }

  @Test
  void scrapeClassesComeBeforeWhatUsersRelabelAndTheEnforcedLabelComesLast()
      throws RejectedException {
    prometheus =
        """
        enforcedNamespaceLabel: namespace
        scrapeClasses:
        - {name: usual, default: true, relabelings: [{targetLabel: class, replacement: usual}]}
        """;
    List<String> all =
        relabelings(
            job(
                service(
                    "selector: {}\nendpoints: [{port: a, relabelings: [{targetLabel: own, replacement: b}]}]")));
    assertThat(all.subList(all.size() - 3, all.size()))
        .containsExactly(
            "{\"replacement\":\"usual\",\"target_label\":\"class\"}",
            "{\"replacement\":\"b\",\"target_label\":\"own\"}",
            "{\"replacement\":\"web\",\"target_label\":\"namespace\"}");
  }

  @Test
  void podMonitorsProbesAndScrapeConfigsHaveJobsOfTheirOwn() throws RejectedException {
    Struct pods =
        job(
            monitor(
                MonitoringResources.POD_MONITORS,
                "app",
                "selector: {matchLabels: {a: b}}\npodMetricsEndpoints: [{port: web}]"));
    assertThat(pods.string("job_name")).isEqualTo("podMonitor/web/app/0");
    assertThat(relabelings(pods))
        .contains(
            keep("(b);true", "pod_label_a", "pod_labelpresent_a"),
            "{\"replacement\":\"web/app\",\"target_label\":\"job\"}");
    assertThat(pods.structs("kubernetes_sd_configs").getFirst().string("role")).isEqualTo("pod");

    Struct probe =
        job(
            monitor(
                MonitoringResources.PROBES,
                "app",
                "module: http_2xx\nprober: {url: 'exporter:9115'}\ntargets: {staticConfig: {static: [a.example]}}"));
    assertThat(probe.string("job_name")).isEqualTo("probe/web/app");
    assertThat(probe.struct("params").strings("module")).containsExactly("http_2xx");
    assertThat(probe.structs("static_configs").getFirst().string("labels", "namespace"))
        .isEqualTo("web");
    assertThat(relabelings(probe))
        .contains("{\"replacement\":\"exporter:9115\",\"target_label\":\"__address__\"}");

    Struct other =
        job(
            monitor(
                MonitoringResources.SCRAPE_CONFIGS,
                "app",
                "jobName: other\nstaticConfigs: [{targets: ['a:80']}]"));
    assertThat(other.string("job_name")).isEqualTo("scrapeConfig/web/app");
    assertThat(relabelings(other))
        .contains("{\"action\":\"replace\",\"replacement\":\"other\",\"target_label\":\"job\"}");
  }

  @Test
  void rulesAreFilesOfTheirOwnWithoutWhatTheVersionDoesNotKnow() throws RejectedException {
    prometheus = "enforcedNamespaceLabel: namespace";
    Monitor rule =
        monitor(
            MonitoringResources.RULES,
            "rules",
            "groups: [{name: g, partial_response_strategy: warn, query_offset: 1m, rules: [{alert: A, expr: 1, for: ''}, {record: r, expr: up == 0}]}]");
    Rendered rendered = configuration(DEBIAN).of(List.of(rule));

    Map.Entry<Path, byte[]> file = rendered.files().entrySet().iterator().next();
    assertThat(file.getKey().toString()).startsWith("/data/rules/web-rules-u1-");
    assertThat(Yaml.struct(new String(file.getValue(), StandardCharsets.UTF_8)))
        .isEqualTo(
            Yaml.struct(
                """
                groups:
                - name: g
                  rules:
                  - {alert: A, expr: "1", labels: {namespace: web}}
                  - {record: r, expr: 'up{namespace="web"} == 0', labels: {namespace: web}}
                """));
  }

  @Test
  void theOrderOfObjectsDoesNotMatter() throws RejectedException {
    List<Monitor> all = new ArrayList<>();
    for (String name : List.of("c", "a", "b")) {
      for (ApiResource each :
          List.of(MonitoringResources.POD_MONITORS, MonitoringResources.SERVICE_MONITORS)) {
        all.add(
            monitor(
                each,
                name,
                "selector: {}\nendpoints: [{port: p}]\npodMetricsEndpoints: [{port: p}]"));
      }
    }
    String text = configuration(DEBIAN).of(all).text();
    Collections.reverse(all);

    assertThat(configuration(DEBIAN).of(all).text()).isEqualTo(text);
    assertThat(Yaml.struct(text).structs("scrape_configs"))
        .extracting(each -> each.string("job_name"))
        .containsExactly(
            "serviceMonitor/web/a/0",
            "serviceMonitor/web/b/0",
            "serviceMonitor/web/c/0",
            "podMonitor/web/a/0",
            "podMonitor/web/b/0",
            "podMonitor/web/c/0");
  }
}

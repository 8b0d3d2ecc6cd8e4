package dev.tiphys.monitoring.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.monitoring.selection.RejectedException;
import dev.tiphys.monitoring.selection.Sources;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.object.encoding.Yaml;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What settings of a Prometheus itself become in its configuration.
class PrometheusSettingsTest {

  private static final Version DEBIAN = new Version(2, 42);

  private final Map<String, String> secret = new HashMap<>(Map.of("user", "me", "password", "pw"));

  private Rendered rendered(String spec, Version version) throws RejectedException {
    Struct data = Struct.EMPTY;
    for (Map.Entry<String, String> each : secret.entrySet()) {
      byte[] value = each.getValue().getBytes(StandardCharsets.UTF_8);
      data = data.with(each.getKey(), Base64.getEncoder().encodeToString(value));
    }
    return new Configuration(
            new Prometheus(
                Yaml.struct(
                    "metadata: {name: own, namespace: monitoring}\nspec:\n" + spec.indent(2))),
            version,
            new ClusterAccess("https://192.0.2.1:6443", Path.of("ca.crt"), Path.of("token")),
            new Sources(
                Map.of(new ObjectKey("monitoring", "extra"), Struct.of("data", data))::get,
                Map.<ObjectKey, Struct>of()::get),
            Path.of("/data"),
            List.of(),
            List.of())
        .of(List.of());
  }

  private Struct configuration(String spec) throws RejectedException {
    return Yaml.struct(rendered(spec, DEBIAN).text());
  }

  @Test
  void samplesAreSentToOtherPlaces() throws RejectedException {
    Struct written =
        configuration(
                """
                remoteWrite:
                - url: https://store.example/write
                  name: store
                  remoteTimeout: 20s
                  headers: {X-Tenant: a}
                  sendExemplars: true
                  messageVersion: V2.0
                  basicAuth: {username: {name: extra, key: user}, password: {name: extra, key: password}}
                  writeRelabelConfigs: [{sourceLabels: [__name__], regex: up, action: Keep}]
                  queueConfig: {capacity: 10, maxShards: 2, batchSendDeadline: 5s, retryOnRateLimit: true, sampleAgeLimit: 1h}
                  metadataConfig: {send: true, sendInterval: 1m}
                  tlsConfig: {insecureSkipVerify: true}
                """)
            .structs("remote_write")
            .getFirst();

    String password = written.string("basic_auth", "password_file");
    assertThat(password).startsWith("secrets/");
    assertThat(written)
        .isEqualTo(
            Yaml.struct(
                """
                url: https://store.example/write
                remote_timeout: 20s
                headers: {X-Tenant: a}
                name: store
                tls_config: {insecure_skip_verify: true}
                basic_auth: {username: me, password_file: %s}
                send_exemplars: true
                write_relabel_configs: [{source_labels: [__name__], regex: up, action: keep}]
                queue_config: {batch_send_deadline: 5s, capacity: 10, max_shards: 2, retry_on_http_429: true}
                metadata_config: {send: true, send_interval: 1m}
                """
                    .formatted(password)));
  }

  @Test
  void signaturesOfCloudsAreInTheConfiguration() throws RejectedException {
    String spec =
        """
        remoteWrite:
        - url: https://aws.example/write
          sigv4: {region: eu-central-1, accessKey: {name: extra, key: user}, secretKey: {name: extra, key: password}}
        - url: https://azure.example/write
          azureAd: {cloud: AzurePublic, oauth: {clientId: c, tenantId: t, clientSecret: {name: extra, key: password}}}
        """;
    List<Struct> now =
        Yaml.struct(rendered(spec, new Version(3, 5)).text()).structs("remote_write");
    assertThat(now.getFirst().struct("sigv4"))
        .isEqualTo(Yaml.struct("{region: eu-central-1, access_key: me, secret_key: pw}"));
    assertThat(now.getLast().struct("azuread"))
        .isEqualTo(
            Yaml.struct(
                "{cloud: AzurePublic, oauth: {client_id: c, client_secret: pw, tenant_id: t}}"));
    assertThat(configuration(spec).structs("remote_write").getLast().has("azuread")).isFalse();
  }

  @Test
  void olderSamplesAreReadFromOtherPlaces() throws RejectedException {
    assertThat(
            configuration(
                    """
                    remoteRead:
                    - {url: https://store.example/read, requiredMatchers: {job: a}, readRecent: true, filterExternalLabels: false}
                    """)
                .structs("remote_read"))
        .containsExactly(
            Yaml.struct(
                "{url: https://store.example/read, required_matchers: {job: a}, read_recent: true, filter_external_labels: false}"));
  }

  @Test
  void partsInSecretsAreAddedAsTheyAre() throws RejectedException {
    secret.put(
        "jobs",
        """
        - job_name: nodes
          scheme: https
          bearer_token_file: /var/run/secrets/kubernetes.io/serviceaccount/token
          tls_config: {ca_file: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt}
          kubernetes_sd_configs: [{role: node}]
        - {job_name: own, static_configs: [{targets: ["a:80"]}]}
        """);
    secret.put("managers", "- static_configs: [{targets: ['b:9093']}]");
    secret.put("relabelings", "- {action: labeldrop, regex: instance}");
    Struct all =
        configuration(
            """
            additionalScrapeConfigs: {name: extra, key: jobs}
            additionalAlertManagerConfigs: {name: extra, key: managers}
            additionalAlertRelabelConfigs: {name: extra, key: relabelings}
            """);

    Struct nodes = all.structs("scrape_configs").getFirst();
    assertThat(nodes.string("bearer_token_file")).isEqualTo("token");
    assertThat(nodes.string("tls_config", "ca_file")).isEqualTo("ca.crt");
    assertThat(nodes.structs("file_sd_configs").getFirst().strings("files").getFirst())
        .startsWith("targets/");
    assertThat(all.structs("scrape_configs").getLast().string("job_name")).isEqualTo("own");
    assertThat(all.structs("alerting", "alertmanagers"))
        .containsExactly(Yaml.struct("static_configs: [{targets: ['b:9093']}]"));
    assertThat(all.structs("alerting", "alert_relabel_configs"))
        .containsExactly(
            Yaml.struct("{action: labeldrop, regex: prometheus_replica}"),
            Yaml.struct("{action: labeldrop, regex: instance}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "- {job_name: a, tls_config: {key_file: /etc/shadow}}|it accesses file system via key_file which Prometheus specification prohibits",
        "- {job_name: a, file_sd_configs: [{files: [/etc/a.json]}]}|it accesses file system via files which Prometheus specification prohibits",
        "{job_name: a}|it is not a list",
        "- a|an entry is not a mapping",
      })
  void partsThatCannotBeUsedAreRefused(String jobs, String why) {
    secret.put("jobs", jobs);
    assertThatThrownBy(() -> configuration("additionalScrapeConfigs: {name: extra, key: jobs}"))
        .isInstanceOf(RejectedException.class)
        .hasMessage("loading additionalScrapeConfigs from Secret failed: " + why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{basicAuth: {}, sigv4: {}}|\"basicAuth\" and \"sigv4\" can't be set at the same time, at most one of them must be defined",
        "{bearerTokenFile: /etc/token}|it accesses file system via bearer token file which Prometheus specification prohibits",
        "{authorization: {credentials: {name: none, key: a}}}|authorization: failed to get authorization token of type \"\": unable to get secret \"none\": secrets \"none\" not found",
      })
  void settingsThatCannotBeUsedAreRefused(String settings, String why) {
    assertThatThrownBy(() -> configuration("remoteWrite: [{url: 'http://a'}, " + settings + "]"))
        .isInstanceOf(RejectedException.class)
        .hasMessage("remoteWrite[1]: " + why);
  }

  @Test
  void whatIsKeptBesidesSamplesIsSetUp() throws RejectedException {
    assertThat(
            configuration("exemplars: {maxSize: 1000}\ntsdb: {outOfOrderTimeWindow: 10m}")
                .struct("storage"))
        .isEqualTo(
            Yaml.struct(
                "{exemplars: {max_exemplars: 1000}, tsdb: {out_of_order_time_window: 10m}}"));
  }
}

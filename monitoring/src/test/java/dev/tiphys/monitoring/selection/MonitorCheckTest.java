package dev.tiphys.monitoring.selection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.monitoring.model.Monitor;
import dev.tiphys.monitoring.model.MonitoringResources;
import dev.tiphys.monitoring.model.Prometheus;
import dev.tiphys.monitoring.model.Version;
import dev.tiphys.object.encoding.Yaml;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the Prometheus Operator rejects, in its words.
class MonitorCheckTest {

  private static String rejection(ApiResource resource, String spec) {
    MonitorCheck check =
        new MonitorCheck(
            new Prometheus(Yaml.struct("metadata: {name: p, namespace: m}\nspec: {}")),
            new Version(2, 42),
            new Sources(_ -> null, _ -> null));
    try {
      check.check(
          new Monitor(
              resource,
              Yaml.struct("metadata: {name: a, namespace: b}\nspec:\n" + spec.indent(2))));
      return "";
    } catch (RejectedException e) {
      return e.message();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          port: a, scrapeTimeout: 31s   | scrapeTimeout "31s" greater than scrapeInterval "30s"
          basicAuth: {}, oauth2: {}     | basicAuth and oauth2 cannot be configured at the same time
          authorization: {}, bearerTokenSecret: {key: a} | authorization and bearerTokenSecret cannot be configured at the same time
          bearerTokenFile: /etc/shadow  | it accesses file system via bearer token file which Prometheus specification prohibits
          tlsConfig: {caFile: /a}       | it accesses file system via tls config which Prometheus specification prohibits
          tlsConfig: {ca: {secret: {name: s, key: k}}} | tlsConfig: failed to get ca "<secret=s,key=k>": unable to get secret "s": secrets "s" not found
          authorization: {type: Basic, credentials: {key: a}} | authorization: 'authorization' type cannot be set to "basic", use "basicAuth" instead
          noProxy: a                    | if noProxy is configured, proxyUrl must also be configured
          relabelings: [{action: replace}] | relabelConfigs: [0]: relabel configuration for replace action needs targetLabel value
          relabelings: [{action: hashmod, targetLabel: a}] | relabelConfigs: [0]: relabel configuration for hashmod requires non-zero modulus
          relabelings: [{action: replace, targetLabel: a-b}] | relabelConfigs: [0]: "a-b" is invalid 'target_label' for replace action
          metricRelabelings: [{action: labeldrop, targetLabel: a}] | metricRelabelConfigs: [0]: labeldrop action requires only 'regex', and no other fields
          relabelings: [{action: KeepEqual, targetLabel: a, regex: b}] | relabelConfigs: [0]: KeepEqual action requires only 'source_labels' and `target_label`, and no other fields
          relabelings: [{action: labelmap, replacement: a-b}] | relabelConfigs: [0]: "a-b" is invalid 'replacement' for labelmap action
          """)
  void anEndpointIsRejectedFor(String endpoint, String message) {
    assertThat(
            rejection(
                MonitoringResources.SERVICE_MONITORS,
                "selector: {}\nendpoints: [{%s}]".formatted(endpoint)))
        .isEqualTo("endpoints[0]: " + message);
  }

  @Test
  void selectorsAndScrapeClassesAreChecked() {
    assertThat(
            rejection(
                MonitoringResources.SERVICE_MONITORS,
                "selector: {matchExpressions: [{key: a, operator: Is}]}\nendpoints: []"))
        .isEqualTo("\"Is\" is not a valid label selector operator");
    assertThat(
            rejection(
                MonitoringResources.POD_MONITORS,
                "selector: {}\nscrapeClass: none\npodMetricsEndpoints: [{port: a}]"))
        .isEqualTo("scrapeClassName: scrapeClass \"none\" not found in Prometheus scrapeClasses");
  }

  @Test
  void probesNeedTargetsAndAPlaceToAsk() {
    assertThat(rejection(MonitoringResources.PROBES, "prober: {url: a}"))
        .isEqualTo(
            "at least one of .spec.targets.staticConfig and .spec.targets.ingress is required");
    assertThat(
            rejection(
                MonitoringResources.PROBES,
                "prober: {url: 'http://a'}\ntargets: {staticConfig: {static: [b]}}"))
        .startsWith("\"http://a\" url specified in proberSpec is invalid");
    assertThat(
            rejection(
                MonitoringResources.PROBES,
                "prober: {url: 'a:9115'}\ntargets: {staticConfig: {static: [b], labels: {a-b: c}}}"))
        .isEqualTo("targets.staticConfig.labels: invalid label \"a-b\"");
  }

  @Test
  void scrapeConfigsFindTargetsInWaysThatAreSupported() {
    assertThat(rejection(MonitoringResources.SCRAPE_CONFIGS, "consulSDConfigs: [{server: a}]"))
        .isEqualTo("consulSDConfigs: this way to find targets is not supported");
    assertThat(
            rejection(MonitoringResources.SCRAPE_CONFIGS, "dnsSDConfigs: [{names: [a], type: A}]"))
        .isEqualTo("dnsSDConfigs: [0]: port required for record type \"A\"");
  }
}

package dev.tiphys.network.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import org.junit.jupiter.api.Test;

/// Health, readiness and metrics.
class DnsPagesTest {

  private static final String PLACE = "server=\"dns://:53\",view=\"\",zone=\".\"";

  @Test
  void aTraceIsToldWhenChangesWereAnsweredFor() throws Exception {
    try (TestDns cluster = new TestDns()) {
      Struct service =
          cluster.api.apply(
              ApiResource.SERVICES, "metadata: {name: web}\nspec: {ports: [{port: 80}]}");
      String page = "/live?services=%s&slices=0".formatted(Meta.of(service).resourceVersion());
      cluster.api.eventually(() -> Pages.get(cluster.dns.pagesPort(), page).contains("\"at\""));

      assertThat(cluster.client.ask("web.default.svc.cluster.local", "A").toString())
          .contains(service.string("spec", "clusterIP"));
      assertThat(Pages.get(cluster.dns.pagesPort(), page.replace("slices=0", "slices=999999999")))
          .doesNotContain("\"at\"");
    }
  }

  @Test
  void pagesTellOfHealthReadinessAndWhatWasAsked() throws Exception {
    try (TestDns cluster = new TestDns()) {
      int port = cluster.dns.pagesPort();
      DnsClient.Response _ = cluster.client.ask("dns-version.cluster.local", "TXT");
      DnsClient.Response _ = cluster.client.askByStream("none.default.svc.cluster.local", "A");

      assertThat(Pages.get(port, "/health")).isEqualTo("OK");
      assertThat(Pages.get(port, "/ready")).isEqualTo("OK");
      assertThat(Pages.get(port, "/other")).startsWith("404");
      cluster.api.eventually(
          () ->
              Pages.get(port, "/metrics")
                  .contains(
                      "coredns_dns_responses_total{plugin=\"kubernetes\",rcode=\"NXDOMAIN\",%s} 1\n"
                          .formatted(PLACE)));
      assertThat(Pages.get(port, "/metrics"))
          .contains(
              "coredns_dns_requests_total{family=\"1\",proto=\"udp\",%s,type=\"TXT\"} 1\n"
                  .formatted(PLACE),
              "coredns_dns_requests_total{family=\"1\",proto=\"tcp\",%s,type=\"A\"} 1\n"
                  .formatted(PLACE),
              "coredns_dns_request_duration_seconds_count{",
              "coredns_dns_request_duration_seconds_bucket{%s,le=\"0.00025\"}".formatted(PLACE),
              "coredns_cache_entries{",
              "coredns_forward_max_concurrent_rejects_total 0\n");
    }
  }
}

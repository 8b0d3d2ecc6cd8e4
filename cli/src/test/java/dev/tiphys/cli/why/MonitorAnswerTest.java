package dev.tiphys.cli.why;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.encoding.Yaml;
import org.junit.jupiter.api.Test;

class MonitorAnswerTest {

  @Test
  void whatMatchesNothingIsSaid() {
    assertThat(
            MonitorAnswer.lines(
                Yaml.struct(
                    """
                    kind: ServiceMonitor
                    namespace: default
                    name: myapp
                    prometheuses: [{namespace: monitoring, name: prometheus, accepted: true}]
                    findings: [{reason: NoServices, message: "0 Services match app=myapp in namespace default"}]
                    """)))
        .containsExactly(
            "servicemonitor default/myapp: accepted, but nothing is scraped",
            "  0 Services match app=myapp in namespace default",
            "  Prometheus monitoring/prometheus takes it");
  }

  @Test
  void scrapesAreCountedAndTheirFailuresSaid() {
    assertThat(
            MonitorAnswer.lines(
                Yaml.struct(
                    """
                    kind: PodMonitor
                    namespace: default
                    name: myapp
                    selects: [default/a, default/b]
                    findings: []
                    prometheuses:
                    - namespace: monitoring
                      name: prometheus
                      accepted: true
                      jobs: [{job: podMonitor/default/myapp/0, up: 1, down: 1, failure: "http://b: 404"}]
                    - {namespace: web, name: other, accepted: false, rejection: it is slow}
                    """)))
        .containsExactly(
            "podmonitor default/myapp: rejected",
            "  selects default/a, default/b",
            "  Prometheus monitoring/prometheus takes it",
            "    podMonitor/default/myapp/0: 1 up, 1 down: http://b: 404",
            "  Prometheus web/other rejects it: it is slow");
  }
}

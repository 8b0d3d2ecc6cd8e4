package dev.tiphys.monitoring.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.api.ObjectKey;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeReadingsTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static final String PAGE =
      """
      # HELP container_cpu_usage_seconds_total Processor time.
      # TYPE container_cpu_usage_seconds_total counter
      container_cpu_usage_seconds_total{container="c",namespace="default",pod="web"} 1.5e+1 1767225600250
      container_cpu_usage_seconds_total{container="d",namespace="default",pod="half"} 3 1767225600000
      container_memory_working_set_bytes{container="c",namespace="default",pod="web"} 2.097152e+06 1767225600250
      container_start_time_seconds{container="c",namespace="default",pod="web"} 1.7672255e+09 1767225600250
      node_cpu_usage_seconds_total 100.25
      node_memory_working_set_bytes 4096
      pod_cpu_usage_seconds_total{namespace="default",pod="web"} 15
      resource_scrape_error 0
      container_swap_usage_bytes{container="c",namespace="default",pod="web"} NaN
      """;

  @Test
  void aPageTellsOfTheNodeAndItsContainers() {
    NodeReadings readings = NodeReadings.parse(PAGE, NOW);

    assertThat(readings.node()).isEqualTo(new Reading(NOW, 100.25, 4096, null));
    assertThat(readings.containers())
        .isEqualTo(
            Map.of(
                new ObjectKey("default", "web"),
                Map.of(
                    "c",
                    new Reading(
                        Instant.ofEpochMilli(1767225600250L),
                        15,
                        2 << 20,
                        Instant.ofEpochSecond(1767225500)))));
  }

  @Test
  void anEmptyPageTellsNothing() {
    assertThat(NodeReadings.parse("", NOW)).isEqualTo(new NodeReadings(null, Map.of()));
  }
}

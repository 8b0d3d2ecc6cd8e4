package dev.tiphys.monitoring.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InstalledPrometheusTest {

  private static final Path FILE = Path.of("/data/monitoring/prometheus/config.next.yaml");

  @Test
  void whatPromtoolSaysIsToldWithoutThePlacesOfFiles() {
    assertThat(
            InstalledPrometheus.reason(
                "  FAILED: parsing YAML file %s: \"a b\" is not a valid label name\n"
                    .formatted(FILE),
                FILE))
        .isEqualTo("\"a b\" is not a valid label name");
    assertThat(
            InstalledPrometheus.reason(
                """
                  FAILED:
                     /data/monitoring/prometheus/rules/default-r-1-ab.yaml: 4:27: group "g", rule 1, "a:b": could not parse expression
                """,
                FILE))
        .isEqualTo("4:27: group \"g\", rule 1, \"a:b\": could not parse expression");
  }
}

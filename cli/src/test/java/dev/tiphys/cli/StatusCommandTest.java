package dev.tiphys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusCommandTest {

  @Test
  void tasksThatDoNotDoTheirWorkAreShownWithTheirProblem() {
    List<String> lines =
        StatusCommand.taskLines(
            List.of(
                Struct.of(
                    "name", "informer-pods", "problem", "cannot list pods: no", "failures", 0L),
                Yaml.struct(
                    """
                    name: scheduler
                    failures: 2
                    lastFailure: "java.lang.IllegalStateException: torn"
                    lastFailureTime: "2026-01-01T00:00:00Z"
                    """)));

    assertThat(lines)
        .containsExactly(
            "task        informer-pods: cannot list pods: no",
            "task        scheduler: failed 2 times, last at 2026-01-01T00:00:00Z:"
                + " java.lang.IllegalStateException: torn");
  }
}

package dev.tiphys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.encoding.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebhooksCommandTest {

  @Test
  void eachWebhookHasALine() {
    List<String> lines =
        WebhooksCommand.lines(
            List.of(
                Json.struct(
                    """
                    {"webhook": "v.example.com", "configuration": "v", "type": "validating",
                     "calls": 3, "allowed": 1, "changed": 0, "denied": 1, "failed": 1, "skipped": 2,
                     "averageMicroseconds": 1500, "longestMicroseconds": 20000,
                     "lastProblem": "no endpoints"}
                    """)));

    assertThat(lines.get(0)).startsWith("WEBHOOK ").endsWith("LAST PROBLEM");
    assertThat(lines.get(1).split(" {2,}"))
        .containsExactly(
            "v.example.com",
            "v",
            "validating",
            "3",
            "1",
            "0",
            "1",
            "1",
            "2",
            "1.5ms",
            "20.0ms",
            "no endpoints");
  }
}

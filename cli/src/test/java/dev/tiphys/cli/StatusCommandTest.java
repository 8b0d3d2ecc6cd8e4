package dev.tiphys.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void whereDriversDoNotFindTheNodeIsSaid(@TempDir Path directory) throws Exception {
    Path data = Files.createDirectories(directory.resolve("data"));
    Path usual = directory.resolve("kubelet");
    Path others = Files.createDirectories(directory.resolve("others"));
    assertThat(StatusCommand.rootLines(usual, data)).isEmpty(); // There is no node.

    Files.createDirectories(data.resolve("pods"));
    Files.createSymbolicLink(usual, others);
    assertThat(StatusCommand.rootLines(usual, data))
        .containsExactly(
            "storage     "
                + usual
                + " belongs to something else: storage drivers have to be told of "
                + data);

    Files.delete(usual);
    Files.createSymbolicLink(usual, data);
    assertThat(StatusCommand.rootLines(usual, data)).isEmpty();
  }
}

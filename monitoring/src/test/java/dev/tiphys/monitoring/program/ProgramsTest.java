package dev.tiphys.monitoring.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramsTest {

  @TempDir Path directory;

  private Path program(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  @Test
  void theyAreOnThePathUnderTheirOwnNamesAndDebians() throws IOException {
    Path prometheus = program("bin/prometheus");
    Path alertmanager = program("bin/prometheus-alertmanager");
    Programs programs = new Programs(Map.of(), List.of(directory.resolve("bin")));

    assertThat(programs.find("prometheus")).contains(prometheus);
    assertThat(programs.find("alertmanager")).contains(alertmanager);
    assertThat(programs.find("promtool")).isEmpty();
    assertThat(programs.remedy("promtool"))
        .isEqualTo("promtool is not installed: apt-get install prometheus");
  }

  @Test
  void oneThatIsGivenHasItsToolsBesideIt() throws IOException {
    Path given = program("own/prometheus");
    Path tool = program("own/promtool");
    program("bin/promtool");
    Programs programs =
        new Programs(Map.of("prometheus", given), List.of(directory.resolve("bin")));

    assertThat(programs.find("prometheus")).contains(given);
    assertThat(programs.find("promtool")).contains(tool);
    Files.delete(given);
    assertThat(programs.find("prometheus")).isEmpty();
    assertThat(programs.remedy("prometheus")).isEqualTo("there is no program " + given);
  }
}

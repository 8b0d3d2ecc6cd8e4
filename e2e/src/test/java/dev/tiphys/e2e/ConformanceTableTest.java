package dev.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/conformance.md` names tests that there are, for as many behaviours as it says.
class ConformanceTableTest {

  private static final Path HOME = Path.of("..");

  private static final Pattern PART = Pattern.compile("## \\S+ \\((\\d+)\\)\n([^#]*)");

  private static final Pattern REFERENCE = Pattern.compile("(\\w+) (\\w+)\\.(\\w+)");

  /// A behaviour and what shows it.
  private record Row(String behaviour, List<String> shownBy) {
    static Row of(String line) {
      String[] cells = line.split(" \\| ");
      return new Row(cells[0].substring(2), List.of(cells[1].replace(" |", "").split(", ")));
    }
  }

  private static List<Row> rows(String table) {
    return table.lines().filter(line -> line.startsWith("| ")).skip(2).map(Row::of).toList();
  }

  private static List<MatchResult> parts() throws IOException {
    return PART.matcher(Files.readString(HOME.resolve("docs/conformance.md"))).results().toList();
  }

  @Test
  void eachPartHasAsManyBehavioursAsItSays() throws IOException {
    assertThat(parts())
        .hasSize(26)
        .allSatisfy(
            part ->
                assertThat(rows(part.group(2)))
                    .hasSize(Integer.parseInt(part.group(1)))
                    .extracting(Row::behaviour)
                    .doesNotHaveDuplicates());
  }

  @Test
  void eachBehaviourIsShownByTestsThatExist() throws IOException {
    assertThat(parts())
        .flatExtracting(part -> rows(part.group(2)))
        .flatExtracting(Row::shownBy)
        .allSatisfy(reference -> assertThat(exists(reference)).as(reference).isTrue());
  }

  private static boolean exists(String reference) {
    Matcher words = REFERENCE.matcher(reference);
    assertThat(words.matches()).as(reference).isTrue();
    Path tests = HOME.resolve(words.group(1)).resolve("src/test/java");
    try (Stream<Path> files = Files.walk(tests)) {
      Path source =
          files
              .filter(file -> file.endsWith(words.group(2) + ".java"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no such class: " + reference));
      return Files.readString(source).contains(" void " + words.group(3) + "(");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}

package dev.tiphys.network.gatewayapi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/gateway-api-conformance.md` names tests that there are, for what is claimed and nothing
/// else.
final class GatewayConformanceTableTest {

  private static final Pattern PART = Pattern.compile("## \\S+ \\((\\d+)\\)\n([^#]*)");
  private static final Path TESTS = Path.of("src/test/java/dev/tiphys/network/gatewayapi");

  /// A test of upstream's, what it needs, and what shows the same here.
  private record Row(String name, List<String> features, List<String> shownBy) {
    static Row of(String line) {
      String[] cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
      return new Row(cells[0], List.of(cells[1].split(", ")), List.of(cells[2].split(", ")));
    }
  }

  private static List<MatchResult> parts() throws IOException {
    String text = Files.readString(Path.of("../docs/gateway-api-conformance.md"));
    return PART.matcher(text).results().toList();
  }

  private static List<Row> rows(MatchResult part) {
    return part.group(2)
        .lines()
        .filter(line -> line.startsWith("| "))
        .skip(2)
        .map(Row::of)
        .toList();
  }

  private static List<Row> rows() throws IOException {
    return parts().stream().flatMap(part -> rows(part).stream()).toList();
  }

  @Test
  void eachPartHasAsManyTestsAsItSays() throws IOException {
    assertThat(parts())
        .hasSize(5)
        .allSatisfy(part -> assertThat(rows(part)).hasSize(Integer.parseInt(part.group(1))));
    assertThat(rows()).extracting(Row::name).doesNotHaveDuplicates();
  }

  @Test
  void whatIsClaimedIsWhatIsShown() throws IOException {
    assertThat(rows().stream().flatMap(row -> row.features().stream()).distinct().sorted())
        .isEqualTo(Features.ALL);
  }

  @Test
  void eachIsShownByTestsThatExist() throws IOException {
    assertThat(rows())
        .flatExtracting(Row::shownBy)
        .allSatisfy(reference -> assertThat(exists(reference)).as(reference).isTrue());
  }

  private static boolean exists(String reference) throws IOException {
    String[] words = reference.split("\\.");
    Path source = TESTS.resolve(words[0] + ".java");
    return words.length == 2
        && Files.exists(source)
        && Files.readString(source).contains(" void " + words[1] + "(");
  }
}

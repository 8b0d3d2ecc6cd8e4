package dev.tiphys.monitoring.state.families;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Objects, and all samples that they make: one file a kind, in which each object is followed by
/// `===` and its samples, and `###` begins the next one.
class StateFamiliesTest {

  private static final Path CASES =
      Path.of("src/test/resources/dev/tiphys/monitoring/state/families");

  record Case(String file, int number, Struct object, List<String> lines) {
    @Override
    public String toString() {
      return file + " " + number;
    }
  }

  static Stream<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (Stream<Path> files = Files.list(CASES)) {
      for (Path file : files.sorted().toList()) {
        int number = 0;
        for (String text : Files.readString(file).split("###\n")) {
          String[] parts = text.split("===\n");
          List<String> lines = parts[1].lines().filter(line -> !line.isBlank()).toList();
          String name = file.getFileName().toString();
          cases.add(new Case(name, ++number, Yaml.struct(parts[0]), lines));
        }
      }
    }
    return cases.stream();
  }

  private static KindFamilies of(String kind) {
    return StateFamilies.ALL.stream()
        .filter(each -> each.resource().kind().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> lines(Struct object) {
    KindFamilies kind = of(object.string("kind"));
    ObjectSamples samples = kind.render(object);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < kind.families().size(); i++) {
      byte[] name = (kind.families().get(i).name() + "{").getBytes(StandardCharsets.UTF_8);
      samples.write(
          i,
          name,
          (bytes, from, count) ->
              text.append(new String(bytes, from, count, StandardCharsets.UTF_8)));
    }
    return text.toString().lines().toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatAnObjectSays(Case each) {
    assertThat(lines(each.object)).containsExactlyInAnyOrderElementsOf(each.lines);
  }

  @Test
  void everyKindHasACase() throws IOException {
    List<String> kinds = cases().map(each -> each.object.string("kind")).toList();
    assertThat(StateFamilies.ALL)
        .allSatisfy(kind -> assertThat(kinds).contains(kind.resource().kind()));
  }

  @Test
  void familiesHaveNamesOfTheirOwn() {
    List<String> names =
        StateFamilies.ALL.stream()
            .flatMap(kind -> kind.families().stream())
            .map(Family::name)
            .toList();
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("kube_[a-z_]+"));
  }
}

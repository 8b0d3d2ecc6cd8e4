package dev.tiphys.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.cli.machine.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFilesTest {

  @TempDir private Path directory;

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  @Test
  void aDirectorysFilesAreReadInTheirOrderAndListsOneByOne() throws IOException {
    file("b.yaml", "kind: B\n---\n---\nkind: C\n");
    file("a.json", "{\"kind\":\"List\",\"items\":[{\"kind\":\"A\"}]}");
    file("notes.txt", "nothing");
    assertThat(ManifestFiles.read(List.of(directory.toString())))
        .extracting(each -> each.string("kind"))
        .containsExactly("A", "B", "C");
  }

  @Test
  void whatCannotBeReadIsNamed() throws IOException {
    assertThatThrownBy(() -> ManifestFiles.read(List.of(directory.resolve("none").toString())))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("none");
    String broken = file("broken.yaml", "a: [");
    assertThatThrownBy(() -> ManifestFiles.read(List.of(broken)))
        .isInstanceOf(CliException.class)
        .hasMessageStartingWith(broken + " is no YAML");
    String other = file("other.yaml", "a: b");
    assertThatThrownBy(() -> ManifestFiles.read(List.of(other)))
        .isInstanceOf(CliException.class)
        .hasMessage("there is an object without a kind in " + other);
  }
}

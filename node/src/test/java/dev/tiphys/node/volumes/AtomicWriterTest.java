package dev.tiphys.node.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.volumes.Payload.Content;
import dev.tiphys.world.VirtualWorld;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicWriterTest {
  private final AtomicWriter writer = new AtomicWriter(new VirtualWorld(1));
  @TempDir Path directory;

  @Test
  void usersSeeLinksThroughOneLink() throws Exception {
    write(Map.of("a", new Content("1", 0644), "sub/b", new Content("2", 0600)));

    assertThat(Files.readSymbolicLink(directory.resolve("a"))).hasToString("..data/a");
    assertThat(Files.readSymbolicLink(directory.resolve("sub"))).hasToString("..data/sub");
    assertThat(Files.readSymbolicLink(directory.resolve("..data")).toString())
        .startsWith("..2026_01_01_00_00_00.");
    assertThat(directory.resolve("a")).hasContent("1");
    assertThat(directory.resolve("sub/b")).hasContent("2");
    assertThat((int) Files.getAttribute(directory.resolve("sub/b"), "unix:mode") & 0777)
        .isEqualTo(0600);
  }

  @Test
  void whatHasNotChangedIsNotWritten() throws Exception {
    write(Map.of("a", new Content("1", 0644)));
    Path before = Files.readSymbolicLink(directory.resolve("..data"));

    write(Map.of("a", new Content("1", 0644)));

    assertThat(Files.readSymbolicLink(directory.resolve("..data"))).isEqualTo(before);
  }

  @Test
  void changesComeAllAtOnceAndLeaveNothingBehind() throws Exception {
    write(Map.of("a", new Content("1", 0644), "b", new Content("1", 0644)));

    write(Map.of("b", new Content("2", 0644), "c", new Content("2", 0644)));

    assertThat(directory.resolve("b")).hasContent("2");
    assertThat(directory.resolve("c")).hasContent("2");
    try (var entries = Files.list(directory)) {
      assertThat(entries.map(e -> e.getFileName().toString()).filter(n -> !n.startsWith("..2")))
          .containsExactlyInAnyOrder("..data", "b", "c");
    }
    try (var entries = Files.list(directory)) {
      assertThat(entries).hasSize(4);
    }
  }

  private void write(Map<String, Content> files) throws Exception {
    writer.write(directory, new Payload(files), null);
  }
}

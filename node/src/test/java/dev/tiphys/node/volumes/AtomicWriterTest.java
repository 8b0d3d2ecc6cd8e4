package dev.tiphys.node.volumes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.node.volumes.Payload.Content;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  private List<String> names() throws Exception {
    try (var entries = Files.list(directory)) {
      return entries
          .map(entry -> entry.getFileName().toString().replaceFirst("^[.][.]2.*", "..files"))
          .sorted()
          .toList();
    }
  }

  /// What a writer leaves that is killed before it turns `..data`.
  private void leaveUnturned() throws Exception {
    Path files = Files.createDirectory(directory.resolve("..2025_01_01_00_00_00.7"));
    Files.writeString(files.resolve("a"), "half");
    Files.createSymbolicLink(directory.resolve("..data_tmp"), files.getFileName());
  }

  /// What a writer leaves that is killed after it has turned `..data`, and before it makes links.
  private void leaveUnlinked(String content) throws Exception {
    Path files = Files.createDirectory(directory.resolve("..2025_01_01_00_00_00.8"));
    Files.writeString(files.resolve("a"), content);
    Files.createSymbolicLink(directory.resolve("..data"), files.getFileName());
  }

  @Test
  void aWriterThatWasKilledBeforeItTurnedIsMadeUpFor() throws Exception {
    leaveUnturned();

    write(Map.of("a", new Content("1", 0644)));

    assertThat(directory.resolve("a")).hasContent("1");
    assertThat(names()).containsExactly("..data", "..files", "a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "other"})
  void aWriterThatWasKilledBeforeItLinkedIsMadeUpFor(String content) throws Exception {
    leaveUnlinked(content);

    write(Map.of("a", new Content("1", 0644)));

    assertThat(directory.resolve("a")).hasContent("1");
    assertThat(names()).containsExactly("..data", "..files", "a");
  }

  @Test
  void aLinkThatLeadsNowhereIsMadeUpFor() throws Exception {
    Files.createSymbolicLink(directory.resolve("..data"), Path.of("..gone"));

    write(Map.of("a", new Content("1", 0644)));

    assertThat(directory.resolve("a")).hasContent("1");
  }

  @Test
  void anAttemptThatFailsLeavesWhatWasThere() throws Exception {
    write(Map.of("a", new Content("1", 0644)));

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () -> write(Map.of("a", new Content("2", 0644), "a/b", new Content("2", 0644))))
          .isInstanceOf(IOException.class);
    }

    assertThat(directory.resolve("a")).hasContent("1");
    assertThat(names()).containsExactly("..data", "..files", "a");
  }

  private void write(Map<String, Content> files) throws Exception {
    writer.write(directory, new Payload(files), null);
  }
}

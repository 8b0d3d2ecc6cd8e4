package dev.tiphys.storage.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trees are deleted, and nothing beyond them.
@Tag("node")
class TreesOnNodeTest {

  @TempDir private Path directory;

  @Test
  void whatIsMountedBelowKeepsTheWholeTree() throws Exception {
    Path tree = Files.createDirectories(directory.resolve("tree/a/b"));
    Path other = Files.createDirectories(directory.resolve("other"));
    Files.writeString(other.resolve("kept"), "1");
    Files.writeString(directory.resolve("tree/file"), "1");
    ThisMachine machine = new ThisMachine();
    machine.run("mount", "--bind", other.toString(), tree.toString());
    try {
      assertThatThrownBy(() -> Trees.delete(directory.resolve("tree")))
          .hasMessageContaining("is mounted");
      assertThat(other.resolve("kept")).exists();
      assertThat(directory.resolve("tree/file")).exists();
    } finally {
      machine.run("umount", tree.toString());
    }

    Trees.delete(directory.resolve("tree"));

    assertThat(directory.resolve("tree")).doesNotExist();
    assertThat(other.resolve("kept")).exists();
  }

  @Test
  void aLinkIsDeletedAndNotFollowed() throws Exception {
    Path tree = Files.createDirectories(directory.resolve("tree"));
    Path other = Files.createDirectories(directory.resolve("other"));
    Files.writeString(other.resolve("kept"), "1");
    Files.createSymbolicLink(tree.resolve("link"), other);

    Trees.delete(tree);

    assertThat(tree).doesNotExist();
    assertThat(other.resolve("kept")).exists();
  }
}

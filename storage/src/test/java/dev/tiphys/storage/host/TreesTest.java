package dev.tiphys.storage.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trees and links.
class TreesTest {

  @TempDir private Path directory;
  private Path top;
  private Path kept;

  @BeforeEach
  void make() throws IOException {
    top = Files.createDirectory(directory.toRealPath().resolve("top"));
    kept = Files.createDirectories(directory.toRealPath().resolve("elsewhere/sub"));
    Files.writeString(kept.resolve("file"), "kept");
  }

  @Test
  void whatIsInPlaceIsDeletedAndLinksInItAreNotFollowed() throws IOException {
    Path tree = Files.createDirectories(top.resolve("a/b")).getParent();
    Files.createSymbolicLink(tree.resolve("link"), kept);

    Trees.deleteInPlace(tree);
    Trees.deleteInPlace(tree);

    assertThat(tree).doesNotExist();
    assertThat(kept.resolve("file")).hasContent("kept");
  }

  @Test
  void whatALinkOnTheWayLeadsToStays() throws IOException {
    Path link = Files.createSymbolicLink(top.resolve("link"), kept.getParent());

    assertThatThrownBy(() -> Trees.deleteInPlace(link.resolve("sub")))
        .hasMessage(link.resolve("sub") + " is reached through a link");

    assertThat(kept.resolve("file")).hasContent("kept");
  }
}

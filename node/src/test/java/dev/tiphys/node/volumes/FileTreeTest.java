package dev.tiphys.node.volumes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are given to the group of a Pod: to the one that the test runs with, since any may do
/// that.
class FileTreeTest {
  @TempDir Path top;
  private int group;

  @BeforeEach
  void look() throws IOException {
    group = (int) Files.getAttribute(top, "unix:gid");
  }

  private Pod pod(String policy) {
    return new Pod(
        Yaml.struct(
            "{spec: {securityContext: {fsGroup: %d, fsGroupChangePolicy: %s}}}"
                .formatted(group, policy)));
  }

  private Path file(String name, int mode) throws IOException {
    Path file = Files.writeString(top.resolve(name), "x");
    FileTree.mode(file, mode);
    return file;
  }

  private static int mode(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:mode") & 07777;
  }

  @Test
  void everythingIsGivenToTheGroup() throws IOException {
    Path inner = Files.createDirectory(top.resolve("d"));
    FileTree.mode(inner, 0700);
    Path file = file("d/f", 0600);
    FileTree.share(top, pod("Always"), false);
    assertThat(mode(file)).isEqualTo(0660);
    assertThat(mode(inner)).isEqualTo(02770);
    assertThat(mode(top) & 02770).isEqualTo(02770);
  }

  @Test
  void aVolumeWhoseTopIsGivenIsLeftAloneIfThePodSaysSo() throws IOException {
    FileTree.share(top, pod("Always"), false);
    Path file = file("f", 0600);
    FileTree.share(top, pod("OnRootMismatch"), false);
    assertThat(mode(file)).isEqualTo(0600);
    FileTree.share(top, pod("Always"), false);
    assertThat(mode(file)).isEqualTo(0660);
  }

  @Test
  void whatALinkLeadsToIsLeftAlone() throws IOException {
    Path outside = Files.createTempFile("outside", "");
    try {
      FileTree.mode(outside, 0600);
      Files.createSymbolicLink(top.resolve("link"), outside);
      FileTree.share(top, pod("Always"), false);
      assertThat(mode(outside)).isEqualTo(0600);
    } finally {
      Files.delete(outside);
    }
  }
}

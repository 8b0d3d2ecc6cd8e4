package dev.tiphys.node.containerd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommandWordsTest {

  @Test
  void aProcessHasTheWordsThatItWasStartedWith() throws Exception {
    Process process = new ProcessBuilder("cat", "-", "two words", "").start();
    try {
      assertThat(CommandWords.of(process.pid())).startsWith("cat", "-", "two words");
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(CommandWords.of(process.pid())).isEmpty();
  }
}

package dev.tiphys.cli.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloseablesTest {

  private final List<String> closed = new ArrayList<>();

  private AutoCloseable named(String name) {
    return () -> closed.add(name);
  }

  @Test
  void whatWasStartedLastEndsFirst() {
    Closeables closeables = new Closeables();
    closeables.add(named("store"));
    closeables.add(named("server"));
    closeables.add(named("node"));

    closeables.close();

    assertThat(closed).containsExactly("node", "server", "store");
  }

  @Test
  void oneThatFailsKeepsNoOtherFromEnding() {
    Closeables closeables = new Closeables();
    closeables.add(named("store"));
    closeables.add(
        () -> {
          throw new IllegalStateException("expected in this test");
        });
    closeables.add(named("node"));

    closeables.close();

    assertThat(closed).containsExactly("node", "store");
  }

  @Test
  void eachEndsOnce() {
    Closeables closeables = new Closeables();
    closeables.add(named("store"));

    closeables.close();
    closeables.close();

    assertThat(closed).containsExactly("store");
  }
}

package dev.tiphys.cli.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartingTest {

  private final VirtualWorld world = new VirtualWorld(1);
  private final List<String> undone = new ArrayList<>();

  @Test
  void thePartIsThereOnceItHasStarted() throws Exception {
    Starting<String> starting =
        new Starting<>(
            world,
            "part",
            () -> {
              world.sleep(Duration.ofSeconds(3));
              return "part";
            });

    assertThat(starting.await()).isEqualTo("part");
    starting.undo(undone::add);
    assertThat(undone).containsExactly("part");
  }

  @Test
  void whatItsStartHasThrownIsThrownWhereItIsAwaited() throws Exception {
    Starting<String> refused =
        new Starting<>(
            world,
            "refused",
            () -> {
              throw new CliException("no");
            });
    Starting<String> broken =
        new Starting<>(
            world,
            "broken",
            () -> {
              throw new IOException("torn");
            });

    assertThatThrownBy(refused::await).isInstanceOf(CliException.class).hasMessage("no");
    assertThatThrownBy(broken::await)
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(IOException.class);
    refused.undo(undone::add);
    assertThat(undone).isEmpty();
  }

  @Test
  void whatIsNotWantedIsNotUndone() throws Exception {
    Starting<String> nothing = Starting.nothing();

    nothing.undo(undone::add);
    assertThat(undone).isEmpty();
    assertThatThrownBy(nothing::await).isInstanceOf(IllegalStateException.class);
  }
}

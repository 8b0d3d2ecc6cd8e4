package dev.tiphys.cli.roles;

import dev.tiphys.pki.Credential;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Has a server show its newest certificate: looks once an hour whether there is another one.
final class Renewal {

  private static final Duration PERIOD = Duration.ofHours(1);

  private Renewal() {}

  /// @param name of the task
  /// @param shown what the server shows at first
  /// @param current what it should show
  /// @param show has it show that
  static SupervisedTask start(
      World world,
      String name,
      Credential shown,
      Supplier<Credential> current,
      Consumer<Credential> show) {
    return world
        .supervisor()
        .start(
            name,
            () -> {
              Credential last = shown;
              while (true) {
                world.background().sleep(PERIOD);
                Credential next = current.get();
                if (!next.equals(last)) {
                  show.accept(next);
                  last = next;
                }
              }
            });
  }
}

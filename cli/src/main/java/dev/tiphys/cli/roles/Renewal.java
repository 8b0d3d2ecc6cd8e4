package dev.tiphys.cli.roles;

import dev.tiphys.cli.machine.CliException;
import dev.tiphys.pki.Credential;
import dev.tiphys.world.SupervisedTask;
import dev.tiphys.world.World;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Has what shows a certificate show its newest one: looks once an hour whether there is another.
final class Renewal {

  private static final System.Logger LOG = System.getLogger(Renewal.class.getName());
  private static final Duration PERIOD = Duration.ofHours(1);

  private Renewal() {}

  /// Looks again after an hour if it could not be shown.
  ///
  /// @param name of the task
  /// @param shown what is shown at first
  /// @param current what should be shown
  /// @param show shows it
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
                if (!next.equals(last) && shown(name, next, show)) {
                  last = next;
                }
              }
            });
  }

  private static boolean shown(String name, Credential next, Consumer<Credential> show) {
    try {
      show.accept(next);
      return true;
    } catch (CliException e) {
      LOG.log(
          Level.WARNING,
          "a renewed certificate is not in use yet: task={0} error={1}",
          name,
          e.getMessage());
      return false;
    }
  }
}

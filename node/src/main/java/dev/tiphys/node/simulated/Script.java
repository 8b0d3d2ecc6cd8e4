package dev.tiphys.node.simulated;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.Optional;

/// What a Pod's containers do once they are started.
///
/// @param run how long a container runs before it exits; absent if it does not
/// @param exitCode what it exits with
/// @param readyAfter how long it takes to get ready
public record Script(Optional<Duration> run, long exitCode, Duration readyAfter)
    implements Behaviour {

  private static final String PREFIX = "simulated.tiphys.dev/";

  /// What a Pod's annotations tell: `simulated.tiphys.dev/run-seconds`, `exit-code` (alone it means
  /// at once) and `ready-after-seconds`. Without any, its containers run on, ready at once.
  static Script of(Struct pod) {
    Optional<Long> run = number(pod, "run-seconds");
    Optional<Long> code = number(pod, "exit-code");
    return new Script(
        run.or(() -> code.map(_ -> 0L)).map(Duration::ofSeconds),
        code.orElse(0L),
        Duration.ofSeconds(number(pod, "ready-after-seconds").orElse(0L)));
  }

  /// What is no number is as good as absent.
  private static Optional<Long> number(Struct pod, String name) {
    String text = Meta.of(pod).annotation(PREFIX + name);
    return text.matches("[0-9]{1,9}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }
}

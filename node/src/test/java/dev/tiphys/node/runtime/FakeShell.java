package dev.tiphys.node.runtime;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a fake process can be told to do. Each command means to a real busybox what it means here:
/// `true`, `false`, `sleep SECONDS`, `echo WORDS` and `sh -c SCRIPT`, where a script is a sequence
/// of these, `echo WORDS >&2`, `exit CODE`, `trap 'exit CODE' TERM` and `sleep SECONDS & wait`.
///
/// As with a real first process of a container, a signal without a trap does nothing, and a trap is
/// run while the shell itself waits, not while it runs a command.
final class FakeShell {

  private static final Pattern TRAP = Pattern.compile("trap 'exit ([0-9]+)' TERM");
  private static final Pattern SLEEP = Pattern.compile("sleep ([0-9]+)( & wait)?");
  private static final Pattern EXIT = Pattern.compile("exit ([0-9]+)");
  private static final Pattern ECHO = Pattern.compile("echo (.*?)( >&2)?");

  /// What a process has around it.
  interface Surroundings {
    void print(String line, boolean error);

    /// Sleeps. Ends early by throwing [Ended] when the process is killed, or is told to terminate
    /// and `trapCode` says what it does then.
    void sleep(Duration span, @Nullable Integer trapCode) throws InterruptedException;
  }

  /// The process ends here.
  static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1;
    final int code;

    Ended(int code) {
      this.code = code;
    }
  }

  private final Surroundings surroundings;
  private @Nullable Integer trapCode;

  FakeShell(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  static boolean knows(List<String> command) {
    return switch (command.getFirst()) {
      case "true", "false", "sleep", "echo", "sh" -> true;
      default -> false;
    };
  }

  /// Runs a command, and returns its exit code.
  int run(List<String> command) throws InterruptedException {
    try {
      return switch (command.getFirst()) {
        case "true" -> 0;
        case "false" -> 1;
        case "sh" -> script(command.getLast());
        default -> script(String.join(" ", command));
      };
    } catch (Ended e) {
      return e.code;
    }
  }

  private int script(String script) throws InterruptedException {
    for (String statement : script.split("; ", -1)) {
      statement(statement);
    }
    return 0;
  }

  private void statement(String statement) throws InterruptedException {
    Matcher matcher = TRAP.matcher(statement);
    if (matcher.matches()) {
      trapCode = Integer.parseInt(matcher.group(1));
      return;
    }
    matcher = SLEEP.matcher(statement);
    if (matcher.matches()) {
      boolean waiting = matcher.group(2) != null;
      surroundings.sleep(
          Duration.ofSeconds(Long.parseLong(matcher.group(1))), waiting ? trapCode : null);
      return;
    }
    matcher = EXIT.matcher(statement);
    if (matcher.matches()) {
      throw new Ended(Integer.parseInt(matcher.group(1)));
    }
    matcher = ECHO.matcher(statement);
    if (matcher.matches()) {
      surroundings.print(matcher.group(1), matcher.group(2) != null);
      return;
    }
    throw new IllegalArgumentException("a fake shell cannot do this: " + statement);
  }
}

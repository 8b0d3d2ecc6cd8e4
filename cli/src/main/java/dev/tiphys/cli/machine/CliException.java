package dev.tiphys.cli.machine;

import org.jspecify.annotations.Nullable;

/// Something that keeps a command from being done. The message is one line that says what is wrong
/// and what to do.
public final class CliException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public CliException(String message) {
    this(message, null);
  }

  public CliException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

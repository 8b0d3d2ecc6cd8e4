package dev.tiphys.cli;

import org.jspecify.annotations.Nullable;

/// Something that keeps a command from being done. The message is one line that says what is wrong
/// and what to do.
final class CliException extends RuntimeException {

  private static final long serialVersionUID = 1;

  CliException(String message) {
    this(message, null);
  }

  CliException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package dev.tiphys.secrets.provider.vault;

import dev.tiphys.object.Struct;

/// How a token is had.
sealed interface Login {

  /// It is given, and not the session's to end.
  record Given(String token) implements Login {
    /// Without the token.
    @Override
    public String toString() {
      return "a token";
    }
  }

  /// The server gives one for credentials.
  ///
  /// @param doing what failures say was tried; empty for nothing
  record With(Call call, String doing) implements Login {}

  /// No token is used.
  record None() implements Login {}

  /// Finds the credentials anew each time, since some are short-lived.
  interface Source {
    Login find() throws InterruptedException;
  }

  /// A login at a path.
  static Login at(String path, Struct body, Hidden hidden, String doing) {
    return new With(Call.put("auth/" + path, body, hidden), doing);
  }
}

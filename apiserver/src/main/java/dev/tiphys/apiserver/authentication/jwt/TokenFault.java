package dev.tiphys.apiserver.authentication.jwt;

import org.jspecify.annotations.Nullable;

/// Why a token proves nothing.
final class TokenFault extends Exception {

  private static final long serialVersionUID = 1;

  TokenFault(@Nullable String why) {
    super(why);
  }

  /// Why, in upstream's words.
  String why() {
    return String.valueOf(getMessage());
  }
}

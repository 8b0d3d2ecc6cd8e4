package dev.tiphys.schema.validation.access;

import dev.tiphys.schema.validation.FieldValue;

/// Rules for tokens that service accounts ask for.
public final class TokenRules {

  private static final long TEN_MINUTES = 600;
  private static final long LONGEST = 1L << 32;

  private TokenRules() {}

  /// How long a token is valid.
  public static void lifetime(FieldValue seconds) {
    if (seconds.integer() < TEN_MINUTES) {
      seconds.invalid(seconds.integer(), "may not specify a duration less than 10 minutes");
    }
    if (seconds.integer() > LONGEST) {
      seconds.invalid("may not specify a duration larger than 2^32 seconds");
    }
  }
}

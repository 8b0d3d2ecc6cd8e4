package dev.tiphys.secrets.provider.vault;

import dev.tiphys.object.Struct;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A token, and how long it lives.
///
/// @param value empty for none
/// @param own whether the session was given it for its credentials, so that it can have another and
///   has to end it
/// @param life from when it was given or renewed; zero for ever
/// @param whole how long it lived when it was given first
/// @param began when that was, by the world's measure
record Token(
    String value,
    boolean own,
    boolean renewable,
    boolean batch,
    Duration life,
    Duration whole,
    long began) {

  private static final int PARTS = 3;

  /// One that was given with the settings, or none.
  static Token given(String value) {
    return new Token(value, false, false, false, Duration.ZERO, Duration.ZERO, 0);
  }

  /// What a login is answered with.
  ///
  /// @param auth the answer's part of that name
  static Token of(Struct auth, long now) {
    Duration life = Duration.ofSeconds(Math.max(0, auth.integer("lease_duration")));
    return new Token(
        auth.string("client_token"),
        true,
        auth.bool("renewable"),
        auth.string("token_type").equals("batch"),
        life,
        life,
        now);
  }

  /// The same, renewed.
  Token renewed(Duration granted, long now) {
    return new Token(value, own, renewable, batch, granted, whole, now);
  }

  boolean expires() {
    return !life.isZero();
  }

  /// How long until two thirds of its life have passed.
  Duration untilDue(long now) {
    return life.multipliedBy(2).dividedBy(PARTS).minusNanos(now - began);
  }

  /// How long it has left; null if it does not end.
  @Nullable Duration left(long now) {
    return expires() ? life.minusNanos(now - began) : null;
  }

  /// Without the value.
  @Override
  public String toString() {
    return (own ? "own" : "given") + " token, " + life;
  }
}

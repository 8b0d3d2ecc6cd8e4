package dev.tiphys.secrets.provider.aws.client;

import dev.tiphys.client.outbound.Answer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/// What time it is where signatures are verified: as here, until a service says that the clocks
/// differ.
///
/// Threads: any.
public final class ServerClock {

  private final World world;
  private volatile Duration ahead = Duration.ZERO;

  public ServerClock(World world) {
    this.world = world;
  }

  public Instant now() {
    return world.now().plus(ahead);
  }

  /// Takes the time of an answer for the right one.
  ///
  /// @return whether that changes anything
  boolean learn(Answer answer) {
    try {
      String date = answer.headers().firstValue("Date").orElse("");
      Instant there = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration before = ahead;
      ahead = Duration.between(world.now(), there);
      return ahead.minus(before).abs().compareTo(Duration.ofSeconds(1)) > 0;
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}

package dev.tiphys.secrets.provider.aws.client;

import dev.tiphys.client.outbound.Answer;
import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What time it is where signatures are verified: as here, until a service says that the clocks
/// differ.
///
/// Threads: any.
public final class ServerClock {

  private static final Pattern SAID = Pattern.compile("\\((\\d{8}T\\d{6}Z) [-+]");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'");

  private final World world;
  private volatile Duration ahead = Duration.ZERO;

  public ServerClock(World world) {
    this.world = world;
  }

  public Instant now() {
    return world.now().plus(ahead);
  }

  /// Takes the time that a service says it is for the right one: that of its refusal, or else that
  /// of its answer.
  ///
  /// @param refusal as `Signature expired: ... (20150830T123600Z - 5 min.)`
  /// @return whether that changes anything
  boolean learn(String refusal, Answer answer) {
    Matcher said = SAID.matcher(refusal);
    try {
      Instant there =
          said.find()
              ? LocalDateTime.parse(said.group(1), TIME).toInstant(ZoneOffset.UTC)
              : ZonedDateTime.parse(
                      answer.headers().firstValue("Date").orElse(""),
                      DateTimeFormatter.RFC_1123_DATE_TIME)
                  .toInstant();
      Duration before = ahead;
      ahead = Duration.between(world.now(), there);
      return ahead.minus(before).abs().compareTo(Duration.ofSeconds(1)) > 0;
    } catch (DateTimeParseException e) {
      return false;
    }
  }
}

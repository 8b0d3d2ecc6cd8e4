package dev.tiphys.secrets.provider.aws.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.client.outbound.Answer;
import dev.tiphys.world.VirtualWorld;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The time of a service is learned from what it says.
class ServerClockTest {

  private final ServerClock clock = new ServerClock(new VirtualWorld(1));

  private static Answer at(String date) {
    return new Answer(403, HttpHeaders.of(Map.of("Date", List.of(date)), (_, _) -> true), "");
  }

  @Test
  void aRefusalTellsTheTime() {
    assertThat(
            clock.learn(
                "Signature expired: 20260101T000000Z is now earlier than 20260101T025500Z"
                    + " (20260101T030000Z - 5 min.)",
                at("Thu, 01 Jan 2026 00:00:00 GMT")))
        .isTrue();
    assertThat(clock.now()).isEqualTo(Instant.parse("2026-01-01T03:00:00Z"));
  }

  @Test
  void elseTheAnswersDateDoes() {
    Answer answer = at("Thu, 01 Jan 2026 02:00:00 GMT");
    assertThat(clock.learn("The difference is too large", answer)).isTrue();
    assertThat(clock.now()).isEqualTo(Instant.parse("2026-01-01T02:00:00Z"));
    assertThat(clock.learn("The difference is too large", answer)).isFalse(); // it knew
  }

  @Test
  void whatIsNoTimeTeachesNothing() {
    assertThat(clock.learn("", at("yesterday"))).isFalse();
    assertThat(clock.now()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
  }
}

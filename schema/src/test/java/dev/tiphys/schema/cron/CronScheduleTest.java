package dev.tiphys.schema.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronScheduleTest {

  private static CronSchedule schedule(String text) {
    return CronSchedule.parse(text, ZoneOffset.UTC);
  }

  private static Instant at(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * * *           | 2026-03-01T10:00:00Z | 2026-03-01T10:01:00Z",
        "* * * * *           | 2026-03-01T10:00:59Z | 2026-03-01T10:01:00Z",
        "0/15 * * * *        | 2026-03-01T10:15:00Z | 2026-03-01T10:30:00Z",
        "*/40 * * * *        | 2026-03-01T10:41:00Z | 2026-03-01T11:00:00Z",
        "5-20/5,59 * * * *   | 2026-03-01T10:20:00Z | 2026-03-01T10:59:00Z",
        "30 6-16/4 * * 1-5   | 2026-03-06T14:30:00Z | 2026-03-09T06:30:00Z",
        "0 0 29 2 *          | 2026-03-01T00:00:00Z | 2028-02-29T00:00:00Z",
        "0 0 13 * fri        | 2026-03-01T00:00:00Z | 2026-03-06T00:00:00Z",
        "0 0 13 * *          | 2026-03-01T00:00:00Z | 2026-03-13T00:00:00Z",
        "0 0 */2 * sun       | 2026-03-01T00:00:00Z | 2026-03-03T00:00:00Z",
        "0 0 ? JAN,jul Mon   | 2026-03-01T00:00:00Z | 2026-07-06T00:00:00Z",
        "@yearly             | 2026-03-01T00:00:00Z | 2027-01-01T00:00:00Z",
        "@weekly             | 2026-03-02T00:00:00Z | 2026-03-08T00:00:00Z",
        "@every 1h30m        | 2026-03-01T10:00:00Z | 2026-03-01T11:30:00Z",
        "@every 10ms         | 2026-03-01T10:00:00Z | 2026-03-01T10:00:01Z",
        "TZ=Asia/Kathmandu 0 12 * * * | 2026-03-01T00:00:00Z | 2026-03-01T06:15:00Z",
        // spring: 02:30 does not come on the 8th of March; 03:30 is the hour after 01:30
        "TZ=America/New_York 30 2 * * * | 2026-03-07T12:00:00Z | 2026-03-09T06:30:00Z",
        "TZ=America/New_York 30 * * * * | 2026-03-08T06:30:00Z | 2026-03-08T07:30:00Z",
        // autumn: 01:30 comes twice on the 1st of November
        "TZ=America/New_York 30 1 * * * | 2026-11-01T00:00:00Z | 2026-11-01T05:30:00Z",
        "TZ=America/New_York 30 1 * * * | 2026-11-01T05:30:00Z | 2026-11-01T06:30:00Z",
        "TZ=America/New_York 30 1 * * * | 2026-11-01T06:30:00Z | 2026-11-02T06:30:00Z",
        // where midnight does not come
        "TZ=Africa/Cairo 30 3 * * *     | 2026-04-23T12:00:00Z | 2026-04-24T00:30:00Z",
      })
  void theNextTime(String text, String after, String expected) {
    assertThat(schedule(text).next(at(after))).isEqualTo(at(expected));
  }

  @Test
  void aDateThatNeverComes() {
    assertThat(schedule("59 23 31 2 *").next(at("2026-01-01T00:00:00Z"))).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * *           | expected exactly 5 fields, found 4: [* * * *]",
        "60 * * * *        | end of range (60) above maximum (59): 60",
        "* * * * 7         | end of range (7) above maximum (6): 7",
        "* * 0 * *         | beginning of range (0) below minimum (1): 0",
        "1-2-3 * * * *     | too many hyphens: 1-2-3",
        "*/0 * * * *       | step of range should be a positive number: */0",
        "@often            | unrecognized descriptor: @often",
        "TZ=Moon * * * * * | provided bad location Moon: unknown time zone Moon",
      })
  void whatIsNoSchedule(String text, String problem) {
    assertThatThrownBy(() -> schedule(text)).hasMessage(problem);
  }

  /// Tries every minute the plain way.
  @Test
  void theLastTimeIsThatOfAPlainSearch() {
    Random random = new Random(3);
    ZoneId zone = ZoneId.of("America/New_York");
    for (int round = 0; round < 60; round++) {
      String text =
          "%s %s %s * %s"
              .formatted(
                  random.nextInt(60) + "," + random.nextInt(60),
                  random.nextInt(24) + "-23/5",
                  random.nextBoolean() ? "*" : "1-" + (1 + random.nextInt(31)),
                  random.nextBoolean() ? "*" : "" + random.nextInt(7));
      CronSchedule schedule = CronSchedule.parse(text, zone);
      Instant from = at("2026-03-06T00:00:00Z").plusSeconds(random.nextInt(100_000));
      Instant until = from.plus(random.nextInt(4 * 24 * 60), ChronoUnit.MINUTES);
      Instant last = null;
      for (Instant time = from.truncatedTo(ChronoUnit.MINUTES).plusSeconds(60);
          !time.isAfter(until);
          time = time.plusSeconds(60)) {
        if (time.equals(schedule.next(time.minusSeconds(1)))) {
          last = time;
        }
      }
      assertThat(schedule.last(from, until)).as(text).isEqualTo(last);
    }
  }

  @Test
  void aYearHasEveryNightButForTheChangesOfTheClock() {
    CronSchedule nightly = schedule("TZ=America/New_York 30 1,2 * * *");
    Instant end = at("2027-01-01T05:00:00Z");
    int count = 0;
    for (Instant time = nightly.next(at("2026-01-01T05:00:00Z"));
        time != null && time.isBefore(end);
        time = nightly.next(time)) {
      count++;
    }
    assertThat(count).isEqualTo(2 * 363 + 1 + 3);
  }

  @Test
  void anIntervalCountsFromItsBegin() {
    CronSchedule schedule = schedule("@every 7m");
    Instant from = at("2026-03-01T10:00:00Z");
    assertThat(schedule.last(from, from.plusSeconds(60))).isNull();
    assertThat(schedule.last(from, from.plusSeconds(3600))).isEqualTo(from.plusSeconds(56 * 60));
  }
}

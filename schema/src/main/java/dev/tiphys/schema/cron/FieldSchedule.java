package dev.tiphys.schema.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// Something that is due when the clock on the wall shows certain times. A time that a change of
/// the clock leaves out is passed over; one that comes twice is due twice.
///
/// @param zone where the clock is
record FieldSchedule(
    CronField minute,
    CronField hour,
    CronField day,
    CronField month,
    CronField weekday,
    ZoneId zone)
    implements CronSchedule {

  /// How far ahead is looked: past it a date such as the 31st of February does not come.
  private static final int YEARS = 5;

  @Override
  public @Nullable Instant next(Instant after) {
    ZonedDateTime time =
        after.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    int last = time.getYear() + YEARS;
    while (time.getYear() <= last) {
      ZonedDateTime later = stepTowards(time);
      if (later == time) {
        return time.toInstant();
      }
      time = later;
    }
    return null;
  }

  /// The time itself if it fits; else the next one at which the field that does not may change.
  private ZonedDateTime stepTowards(ZonedDateTime time) {
    if (!month.fits(time.getMonthValue())) {
      return time.toLocalDate().withDayOfMonth(1).plusMonths(1).atStartOfDay(zone);
    }
    if (!fitsDay(time)) {
      return time.toLocalDate().plusDays(1).atStartOfDay(zone);
    }
    if (!hour.fits(time.getHour())) {
      return time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
    }
    return minute.fits(time.getMinute()) ? time : time.plusMinutes(1);
  }

  /// If both the day of the month and that of the week are chosen, one of them is enough.
  private boolean fitsDay(ZonedDateTime time) {
    boolean ofMonth = day.fits(time.getDayOfMonth());
    boolean ofWeek = weekday.fits(time.getDayOfWeek().getValue() % 7);
    return day.any() || weekday.any() ? ofMonth && ofWeek : ofMonth || ofWeek;
  }

  /// Looks back over longer and longer times, so that it costs little whether it is due each minute
  /// or each year.
  @Override
  public @Nullable Instant last(Instant after, Instant until) {
    Duration back = Duration.ofMinutes(2);
    while (true) {
      Instant from = until.minus(back);
      boolean whole = !from.isAfter(after);
      Instant found = lastFrom(whole ? after : from, until);
      if (found != null || whole) {
        return found;
      }
      back = back.multipliedBy(4);
    }
  }

  private @Nullable Instant lastFrom(Instant from, Instant until) {
    Instant found = null;
    for (Instant time = next(from); time != null && !time.isAfter(until); time = next(time)) {
      found = time;
    }
    return found;
  }
}

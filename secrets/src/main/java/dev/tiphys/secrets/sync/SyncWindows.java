package dev.tiphys.secrets.sync;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import dev.tiphys.schema.cron.CronSchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// When stores may be asked because time has passed.
///
/// @param allows whether it is in the windows; outside of them otherwise
/// @param windows none for always
record SyncWindows(boolean allows, List<Window> windows) {

  /// How many windows in a row may be waited for.
  private static final int MOST = 1_000;

  /// @param starts in universal time
  private record Window(CronSchedule starts, Duration length) {
    boolean holds(Instant time) {
      return starts.last(time.minus(length), time) != null;
    }
  }

  /// Those of an ExternalSecret's spec. Windows that cannot be read are none.
  static SyncWindows of(Struct spec) {
    Struct given = spec.struct("syncWindows");
    List<Window> windows = new ArrayList<>();
    for (Struct window : given.structs("windows")) {
      try {
        windows.add(
            new Window(
                CronSchedule.parse(window.string("schedule"), ZoneOffset.UTC),
                GoDuration.parse(window.string("duration"))));
      } catch (IllegalArgumentException e) {
        // admission refuses it
      }
    }
    return new SyncWindows(!given.string("kind").equals("deny"), windows);
  }

  boolean allow(Instant time) {
    return windows.isEmpty() || windows.stream().anyMatch(each -> each.holds(time)) == allows;
  }

  /// The first time from one on when they may be asked; that time itself if there is none in sight.
  Instant next(Instant from) {
    Instant time = from;
    for (int i = 0; i < MOST; i++) {
      if (allow(time)) {
        return time;
      }
      Instant later = allows ? start(time) : end(time);
      if (!later.isAfter(time)) {
        return from;
      }
      time = later;
    }
    return from;
  }

  private Instant start(Instant time) {
    Instant first = Instant.MAX;
    for (Window window : windows) {
      Instant next = window.starts.next(time);
      first = next != null && next.isBefore(first) ? next : first;
    }
    return first.equals(Instant.MAX) ? time : first;
  }

  private Instant end(Instant time) {
    Instant end = time;
    for (Window window : windows) {
      Instant started = window.starts.last(time.minus(window.length), time);
      Instant over = started == null ? time : started.plus(window.length);
      end = over.isAfter(end) ? over : end;
    }
    return end;
  }
}

package dev.tiphys.apiserver.advice.workloads;

import dev.tiphys.apiserver.advice.manifest.Scene;
import dev.tiphys.schema.cron.CronSchedule;
import java.time.Instant;
import java.time.ZoneOffset;

/// Schedules of CronJobs that never come.
public final class Schedules {

  private static final Instant ANY_TIME = Instant.EPOCH;

  private Schedules() {}

  public static void never(Scene scene) {
    String schedule = scene.object().string("spec", "schedule");
    if (CronSchedule.parse(schedule, ZoneOffset.UTC).next(ANY_TIME) == null) {
      scene.advise(
          "spec.schedule",
          "\"%s\" never comes, since no month of it has such a day; write a day that it has"
              .formatted(schedule));
    }
  }
}

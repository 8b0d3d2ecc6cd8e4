package dev.tiphys.schema.validation.workload;

import dev.tiphys.object.Struct;
import dev.tiphys.schema.cron.CronSchedule;
import dev.tiphys.schema.cron.Zones;
import dev.tiphys.schema.validation.Characters;
import dev.tiphys.schema.validation.Equality;
import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import dev.tiphys.schema.validation.SelectorRules;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rules for CronJobs.
public final class CronJobRules {

  private static final int LONGEST_NAME = 52;
  private static final int LONGEST_ZONE_PART = 14;

  private CronJobRules() {}

  public static void create(FieldValue job) {
    spec(job.at("spec"), null);
    FieldValue name = job.at("metadata", "name");
    if (name.string().length() > LONGEST_NAME) {
      name.invalid("must be no more than " + LONGEST_NAME + " characters");
    }
  }

  public static void update(FieldValue now, Struct before) {
    spec(now.at("spec"), before.struct("spec"));
  }

  private static void spec(FieldValue spec, @Nullable Struct old) {
    schedule(spec, old);
    spec.at("startingDeadlineSeconds").mustNotBeNegative();
    FieldValue zone = spec.at("timeZone");
    if (zone.isSet() && (old == null || !Equality.same(zone.value(), old.get("timeZone")))) {
      timeZone(zone);
    }
    spec.at("concurrencyPolicy").mustBeSetToOneOf(List.of("Allow", "Forbid", "Replace"));
    template(spec.at("jobTemplate", "spec"));
    spec.at("successfulJobsHistoryLimit").mustNotBeNegative();
    spec.at("failedJobsHistoryLimit").mustNotBeNegative();
  }

  /// Time zones in the schedule itself are left only to objects that always had them.
  private static void schedule(FieldValue spec, @Nullable Struct old) {
    FieldValue schedule = spec.at("schedule");
    if (!schedule.mustBeSet()) {
      return;
    }
    try {
      CronSchedule.parse(schedule.string(), ZoneOffset.UTC);
    } catch (IllegalArgumentException e) {
      schedule.invalid(String.valueOf(e.getMessage()));
    }
    if (schedule.string().contains("TZ")) {
      boolean hadZone = old != null && old.string("schedule").contains("TZ");
      if (!hadZone) {
        schedule.invalid("cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
      } else if (spec.at("timeZone").isSet()) {
        schedule.invalid("cannot use both timeZone field and TZ or CRON_TZ in schedule");
      }
    }
  }

  private static void timeZone(FieldValue zone) {
    String name = zone.string();
    if (name.isEmpty()) {
      zone.invalid("timeZone must be nil or non-empty string");
      return;
    }
    for (String part : name.split("/", -1)) {
      boolean fits =
          part.length() <= LONGEST_ZONE_PART
              && Characters.all(part, c -> Characters.isNameCharacter(c) || c == '+');
      if (!fits || part.equals(".") || part.equals("..") || part.startsWith("-")) {
        zone.invalid(Zones.unknown(name));
        return;
      }
    }
    if (name.equalsIgnoreCase("Local")) {
      zone.invalid(
          "timeZone must be an explicit time zone as defined in"
              + " https://www.iana.org/time-zones");
    }
    if (!Zones.isKnown(name)) {
      zone.invalid(Zones.unknown(name));
    }
  }

  private static void template(FieldValue spec) {
    JobRules.spec(spec);
    FieldValue selector = spec.at("selector");
    if (selector.isSet()) {
      selector.invalidText(
          GoText.struct(selector.value(), SelectorRules.TYPE), "`selector` will be auto-generated");
    }
    if (spec.at("manualSelector").bool()) {
      spec.at("manualSelector").notSupported(List.of("nil", "false"));
    }
  }
}

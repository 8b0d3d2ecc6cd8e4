package dev.tiphys.scheduler;

/// How a scheduler is to work.
///
/// @param name which Pods are its own, by their `schedulerName`; also how it signs events
/// @param writers how many writes may be on their way at once
public record SchedulerSettings(String name, int writers) {

  public static final SchedulerSettings DEFAULT = new SchedulerSettings("default-scheduler", 32);
}

package dev.tiphys.controllers.autoscaling;

import java.time.Duration;
import java.time.Instant;

/// What a Pod used.
///
/// @param value in thousandths of the metric's unit
/// @param taken the end of the time it is about
/// @param window how long that time was
record Sample(long value, Instant taken, Duration window) {}

/// What the scheduler counts, under upstream's names.
package dev.tiphys.scheduler.metrics;

/// What was decided about a Pod, and why, as data.
package dev.tiphys.scheduler.decisions;

/// What is said of monitors that match nothing, or whose scrapes fail.
package dev.tiphys.monitoring.explanation;

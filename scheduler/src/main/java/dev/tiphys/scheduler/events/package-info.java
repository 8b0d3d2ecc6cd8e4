/// What happens in the cluster that may let a waiting Pod run, and which plugins care.
package dev.tiphys.scheduler.events;

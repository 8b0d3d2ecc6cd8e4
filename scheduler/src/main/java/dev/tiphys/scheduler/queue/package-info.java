/// The Pods that wait to be scheduled: those whose turn it is, those that wait a while after a
/// failure, those that wait for something to change, and those that are held back by gates.
package dev.tiphys.scheduler.queue;

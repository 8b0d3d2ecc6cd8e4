/// The log: a row of segments, written as batches in a frame each.
package dev.tiphys.store.embedded.log;

/// Sums over the nodes that share the value of a label.
package dev.tiphys.scheduler.plugins.topology;
